using Platform.HostAgent.Domain.Guests;
using Platform.Pci;

namespace Platform.Unit.Tests.HostAgent.Guests;

/// <summary>A guest's devices of every kind, with and without what each may have.</summary>
internal static class GuestSamples
{
    public const string Mac = "52:54:00:6d:90:02";
    public static readonly PciAddress Vf = PciAddress.Parse("0000:3b:02.1");
    public static readonly PciAddress Gpu = PciAddress.Parse("0001:af:1f.7");

    public static readonly PassedInterface Passed = new(Vf, Mac, "vfio") { Switching = Switching.Of(42) };

    public static readonly PassedInterface Escaped =
        Passed with { Switching = Switching.Of(null, "a&b \"<x>\"") };

    public static readonly PassedInterface Nameless = Passed with { Switching = Switching.Of(null, "") };

    public static readonly MacvtapInterface Macvtap =
        new("enp59s2f1", Mac, Model: "virtio", Driver: "vhost", Queues: 4)
        {
            Switching = Switching.Of(7),
            Bandwidth = new(new(1000, 2000, 300), new(1100)),
        };

    public static IReadOnlyList<GuestDevice> Devices =>
    [
        Passed,
        Passed with { MacAddress = null, Driver = null, Switching = null },
        Passed with { Switching = Switching.Of(null, "finance") },
        Escaped,
        Nameless,
        Passed with { Bandwidth = new(new(5), null) },
        Passed with { BootOrder = 1, Alias = "ua-net.0", GuestAddress = PciAddress.Parse("0000:05:00.0") },
        Macvtap,
        Macvtap with { Mode = "bridge", Model = null, Driver = null, Queues = null, Bandwidth = null },
        Macvtap with { Switching = Switching.Of(null, "finance"), BootOrder = 2, Alias = "ua-tap" },
        new PassedFunction(Gpu),
        new PassedFunction(Gpu, "vfio")
        {
            BootOrder = 3,
            Alias = "ua-gpu",
            GuestAddress = PciAddress.Parse("0000:06:00.0"),
        },
        new PoolInterface("passthrough", Mac),
        new PoolInterface("passthrough", null, "blue") { Switching = Switching.Of(4094) },
        new VdpaInterface("/dev/vhost-vdpa-0", Mac),
    ];

    public static IReadOnlyList<HostdevNetwork> Networks =>
    [
        new("passthrough", "eth3", []),
        new("passthrough", null, [Vf, Gpu])
        {
            Driver = "vfio",
            Switching = Switching.Of(42),
            PortGroups = [new("blue", Switching.Of(7), IsDefault: true), new("red", null)],
        },
        new("finance", null, [Vf]) { Switching = Switching.Of(null, "finance") },
    ];
}
