using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.Unit.Tests.Pci.DeviceSpecs;

/// <summary>A host with one SR-IOV card: eth0 is its PF, 0000:0a:10.0 to .3 its VFs.</summary>
internal static class Hosts
{
    public static readonly PciAddress PfAddress = PciAddress.Parse("0000:0a:00.0");

    public static readonly HostFacts Facts = new(
        new Dictionary<PciAddress, PfIds> { [PfAddress] = new("8086", "1528", "1515") },
        new Dictionary<string, PciAddress>
        {
            ["eth0"] = PfAddress,
            ["enp10v1"] = PciAddress.Parse("0000:0a:10.1"),
        });

    public static readonly ReportedDevice Pf = new("0000:0a:00.0", "8086", "1528");

    public static ReportedDevice Vf(int number) =>
        new($"0000:0a:10.{number}", "8086", "1515", "0000:0a:00.0", VfIndex: number);

    public static ReportedDevice Plain(string address) => new(address, "10de", "1db4");

    public static DeviceSpecList Parse(params string[] options) => DeviceSpecList.Parse(options, Facts);

    public static bool Offers(string option, ReportedDevice device) =>
        Parse(option).Match(device, Facts, out _) is not null;

    public static SpecRefusal Refusal(params string[] options) =>
        Assert.Throws<SpecRefusedException>(() => Parse(options)).Refusal;
}
