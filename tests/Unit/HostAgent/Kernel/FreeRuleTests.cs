using Microsoft.Extensions.Logging.Abstractions;
using Platform.HostAgent.Devices;
using Platform.HostAgent.Devices.Kernel;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Discovery;
using Platform.Pci;

namespace Platform.Unit.Tests.HostAgent.Kernel;

public sealed class FreeRuleTests
{
    private const string Pf = "0000:01:00.0";
    private const string OnVfio = "0000:01:10.4";
    private const string Vf = "0000:21:10.0";
    private const string VfNetdev = "devices/pci0000:20/0000:20:00.0/0000:21:10.0/net/eth7";
    private const string VfsOnly = """{"vendor_id": "8086", "product_id": "10ca"}""";

    private readonly List<PluggedFunction> plugged = [];
    private List<string> configured = [VfsOnly];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, Trait("feature", "B17"), Trait("feature", "B18"), Trait("feature", "G14")]
    [InlineData("DEVTYPE=vlan", "x", "VLAN up0")]
    [InlineData("DEVTYPE=bridge", "bridge", "bridge up0")]
    [InlineData("INTERFACE=up0", "bridge", "bridge up0")]
    [InlineData("DEVTYPE=openvswitch", "x", "bridge up0")]
    [InlineData("DEVTYPE=bond", "bonding", "bond up0")]
    [InlineData("INTERFACE=up0", "bonding", "bond up0")]
    [InlineData("DEVTYPE=macvtap", "x", "macvtap up0")]
    [InlineData("INTERFACE=up0", "macvtap", "macvtap up0")]
    public async Task A_VF_below_a_bridge_a_VLAN_a_macvtap_or_a_bond_is_not_free(
        string uevent, string folder, string named)
    {
        using var tree = WithUpper(RecordedTree.After, uevent, folder);
        using var host = Host(tree);

        await host.Read(Stop);

        var use = Assert.Single(host.Uses);
        Assert.Equal(Vf, $"{use.Key}");
        Assert.Contains(named, use.Value);
        Assert.Contains("eth7", use.Value);
    }

    [Fact, Trait("feature", "B19")]
    public async Task Any_other_device_on_top_leaves_it_free()
    {
        using var tree = WithUpper(RecordedTree.After, "DEVTYPE=macvlan", "x");
        using var host = Host(tree);

        await host.Read(Stop);

        Assert.Empty(host.Uses);
    }

    [Theory, Trait("feature", "B16")]
    [InlineData("/dev/vfio/18")]
    [InlineData("/run/guest/dev/vfio/18")]
    [InlineData("/dev/vfio/devices/vfio0")]
    [InlineData("/dev/vfio/noiommu-18")]
    public async Task A_function_that_a_process_holds_open_through_VFIO_is_not_free(string file)
    {
        using var tree = RecordedTree.After;
        using var proc = Process(file);
        using var host = Host(tree, proc);

        await host.Read(Stop);

        var use = Assert.Single(host.Uses);
        Assert.Equal(OnVfio, $"{use.Key}");
        Assert.Contains("process 4711 (qemu-kvm)", use.Value);
    }

    [Theory]
    [InlineData("/dev/vfio/vfio")]
    [InlineData("/dev/vfio/180")]
    [InlineData("/dev/vfio/devices/vfio01")]
    [InlineData("/dev/null")]
    public async Task A_function_bound_to_VFIO_that_nobody_holds_is_free(string file)
    {
        using var tree = RecordedTree.After;
        using var proc = Process(file);
        using var host = Host(tree, proc);

        await host.Read(Stop);

        Assert.Empty(host.Uses);
    }

    [Fact, Trait("feature", "B16")]
    public void A_function_on_VFIO_whose_users_cannot_be_seen_is_not_taken_for_free()
    {
        var function = new SysfsFunction(
            OnVfio, "0x8086", "0x10ca", "0x020000", "-1", null, null, null,
            new Dictionary<string, string>(), "18", "vfio-pci", []);
        var other = function with { Name = Vf, IommuGroup = "20", Driver = "igbvf" };

        var host = HostSnapshot.Of(new([function, other], [], [], [], [], AreVfioUsersKnown: false));

        var used = Assert.Single(host.Functions, seen => seen.Use is not null);
        Assert.Equal(OnVfio, $"{used.Device.Address}");
        Assert.Contains("as root", used.Use);
    }

    [Fact, Trait("feature", "B16")]
    public async Task What_is_in_use_is_not_offered_until_it_is_free_again()
    {
        using var tree = WithUpper(RecordedTree.After, "DEVTYPE=vlan", "x");
        using var host = Host(tree);
        var offered = Offered(host);

        Assert.DoesNotContain(Vf, await Addresses(offered));
        Assert.Contains("VLAN up0", offered.Uses[PciAddress.Parse(Vf)]);
        Assert.Contains(Vf, (await offered.ReadAll(Stop)).Select(device => $"{device.Address}"));

        tree.Without(Path.Combine(VfNetdev, "upper_up0"));
        Assert.Contains(Vf, await Addresses(offered));
        Assert.Empty(offered.Uses);
    }

    [Fact]
    public async Task What_a_guest_of_the_host_has_is_offered_as_before()
    {
        using var tree = WithUpper(RecordedTree.After, "DEVTYPE=macvtap", "x");
        using var host = Host(tree);
        plugged.Add(Guest(Vf));

        Assert.Contains(Vf, await Addresses(Offered(host)));
    }

    [Fact, Trait("feature", "B16")]
    public async Task A_PF_with_a_VF_in_use_is_not_free_unless_it_is_by_a_guest_of_the_host()
    {
        using var tree = RecordedTree.After;
        using var proc = Process("/dev/vfio/18");
        using var host = Host(tree, proc);
        configured = ["""{"vendor_id": "8086"}"""];
        var offered = Offered(host);

        Assert.DoesNotContain(Pf, await Addresses(offered));
        Assert.Contains($"VF {OnVfio}", offered.Uses[PciAddress.Parse(Pf)]);

        plugged.Add(Guest(OnVfio));
        Assert.Contains(Pf, await Addresses(offered));
    }

    [Fact, Trait("feature", "A14")]
    public async Task Without_a_device_spec_a_real_host_offers_nothing()
    {
        using var tree = RecordedTree.After;
        using var host = Host(tree);
        var offered = Offered(host);
        Assert.Equal(11, (await offered.Read(Stop)).Count);

        configured = [];

        Assert.Empty(await offered.Read(Stop));
    }

    [Fact]
    public async Task The_kernel_is_asked_for_a_PFs_VFs_by_the_name_of_its_network_device()
    {
        using var tree = RecordedTree.After;
        using var host = Host(tree);
        configured = ["""{"devname": "eth2", "physical_network": "physnet1"}"""];

        var devices = await Offered(host).Read(Stop);

        Assert.Equal(8, devices.Count);
        Assert.All(devices, device => Assert.Equal("0000:21:00.0", $"{device.Parent ?? device.Address}"));
    }

    private static RecordedTree WithUpper(RecordedTree tree, string uevent, string folder) => tree
        .With("devices/virtual/net/up0/uevent", uevent)
        .With($"devices/virtual/net/up0/{folder}/name", "")
        .With(Path.Combine(VfNetdev, "upper_up0"), "-> ../../../../../virtual/net/up0");

    private static RecordedTree Process(string openFile) => RecordedTree.Empty
        .With("4711/comm", "qemu-kvm").With("4711/fd/3", "-> " + openFile)
        .With("4712/comm", "bash").With("4712/fd/1", "-> /dev/null").With("self/fd/1", "-> /dev/vfio/18");

    private static KernelHost Host(RecordedTree tree, RecordedTree? proc = null) =>
        new("host-1", NullLogger.Instance, tree.Root, proc?.Root ?? Path.Combine(tree.Root, "none"));

    private OfferedDevices Offered(KernelHost host) =>
        new("host-1", host, () => configured, () => plugged, NullLogger.Instance);

    private static async Task<List<string>> Addresses(OfferedDevices offered) =>
        [.. (await offered.Read(Stop)).Select(device => $"{device.Address}")];

    private static PluggedFunction Guest(string address) => new(
        PciAddress.Parse(address), Guid.Empty, "vm-1", Guid.Empty, 1, null, null, null, null, true);
}
