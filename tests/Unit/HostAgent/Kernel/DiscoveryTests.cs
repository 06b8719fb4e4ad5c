using Microsoft.Extensions.Logging.Abstractions;
using Platform.HostAgent.Devices.Kernel;
using Platform.HostAgent.Domain.Discovery;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.Unit.Tests.HostAgent.Kernel;

public sealed class DiscoveryTests
{
    private const string Card = "0000:21:00.0";
    private const string Nvme = "0000:02:00.0";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("feature", "G1"), Trait("feature", "G2"), Trait("feature", "E2")]
    public async Task A_PF_is_what_can_have_VFs_and_says_how_many_it_has_and_can_have()
    {
        using var tree = RecordedTree.After;

        var host = await Read(tree);

        Assert.Equal(
            [("0000:01:00.0", 4, 7), (Nvme, 2, 4), (Card, 7, 7), ("0000:41:00.0", 0, 7)],
            host.Functions.Where(f => f.Device.Type == DeviceType.Pf)
                .Select(f => ($"{f.Device.Address}", f.Device.NumVfs!.Value, f.Device.TotalVfs!.Value)));
    }

    [Fact, Trait("feature", "G13")]
    public async Task VFs_are_numbered_by_the_links_of_their_PF()
    {
        using var tree = RecordedTree.After;

        var vfs = (await Read(tree)).Functions.Where(f => $"{f.Device.Parent}" == Card).ToList();

        Assert.All(vfs, vf => Assert.Equal(DeviceType.Vf, vf.Device.Type));
        Assert.Equal(
            ["10.0 0", "10.2 1", "10.4 2", "10.6 3", "11.0 4", "11.2 5", "11.4 6"],
            vfs.Select(vf => $"{vf.Device.Address.ToString()[8..]} {vf.Device.VfIndex}"));
        Assert.All(vfs, vf => Assert.Equal(("8086", "10ca"), (vf.Device.VendorId, vf.Device.ProductId)));
    }

    [Fact, Trait("feature", "G11"), Trait("feature", "G29")]
    public async Task A_function_is_told_with_its_driver_its_network_device_and_its_NUMA_node()
    {
        using var tree = RecordedTree.After;

        var host = await Read(tree);

        var pf = At(host, Card);
        Assert.Equal(
            ("igb", 0, "52:54:00:00:01:00"), (pf.Driver, pf.Device.NumaNode, pf.Device.PfMacAddress));
        Assert.Equal("eth2", Assert.Single(pf.Netdevs).Name);
        var vf = At(host, "0000:21:10.0");
        Assert.Equal(("igbvf", "52:54:00:00:01:00"), (vf.Driver, vf.Device.PfMacAddress));
        Assert.Equal("76:b6:aa:58:63:29", Assert.Single(vf.Netdevs).MacAddress);
        Assert.Null(At(host, "0000:01:00.0").Device.NumaNode);
        Assert.Equal(1, At(host, "0000:41:00.0").Device.NumaNode);
        Assert.Null(At(host, "0000:01:10.6").Driver);
    }

    [Fact]
    public async Task A_network_device_tells_of_its_carrier_unless_it_is_down()
    {
        using var tree = RecordedTree.After;

        var host = await Read(tree);

        Assert.True(Assert.Single(At(host, "0000:01:00.0").Netdevs).HasCarrier);
        Assert.Null(Assert.Single(At(host, Card).Netdevs).HasCarrier);
        Assert.Equal("down", Assert.Single(At(host, Card).Netdevs).State);
    }

    [Fact]
    public async Task A_network_device_behind_virtio_belongs_to_its_PCI_function()
    {
        using var tree = RecordedTree.After;

        var host = await Read(tree);

        Assert.Equal("mgmt0", Assert.Single(At(host, "0000:00:02.0").Netdevs).Name);
        Assert.Null(At(host, "0000:00:02.0").Device.PfMacAddress);
    }

    [Fact, Trait("feature", "G19"), Trait("feature", "B20")]
    public async Task A_function_knows_its_IOMMU_group_and_who_else_is_in_it_bridges_not_counted()
    {
        using var tree = RecordedTree.After;
        tree.With(Path.Combine(RecordedTree.Device("0000:41:00.0"), "iommu_group"), "-> ../../../7")
            .With(Path.Combine(RecordedTree.Device("0000:40:00.0"), "iommu_group"), "-> ../../../7");

        var host = await Read(tree);

        var alone = At(host, "0000:21:10.0").Device;
        Assert.Equal((20, 0), (alone.IommuGroup, alone.IommuPeers));
        var belowBridge = At(host, "0000:41:00.0").Device;
        Assert.Equal((7, 0), (belowBridge.IommuGroup, belowBridge.IommuPeers));
        Assert.Equal([2, 2, 2], host.Functions
            .Where(f => f.Device.Address.ToString().StartsWith("0000:00:1f", StringComparison.Ordinal))
            .Select(f => f.Device.IommuPeers!.Value));
    }

    [Fact]
    public async Task Bridges_are_for_no_guest()
    {
        using var tree = RecordedTree.Before;

        var host = await Read(tree);

        Assert.DoesNotContain(host.Functions, f => $"{f.Device.Address}" is "0000:00:00.0" or "0000:00:07.0");
        // One to ISA is a function as any other.
        Assert.Contains(host.Functions, f => $"{f.Device.Address}" == "0000:00:1f.0");
    }

    [Fact, Trait("feature", "A12")]
    public async Task A_device_spec_is_told_what_VFs_a_PF_makes_and_which_function_a_name_means()
    {
        using var tree = RecordedTree.Before;

        var facts = (await Read(tree)).Facts;

        Assert.Equal(new PfIds("8086", "10c9", "10ca"), facts.PhysicalFunctions[PciAddress.Parse(Card)]);
        Assert.Equal(Card, $"{facts.Netdevs["eth2"]}");
        Assert.DoesNotContain("lo", facts.Netdevs.Keys);
    }

    [Fact]
    public async Task NUMA_cells_are_told_with_their_socket_when_the_host_says_it()
    {
        using var tree = RecordedTree.Before;
        tree.With("devices/system/cpu/cpu0/topology/physical_package_id", "0")
            .With("devices/system/cpu/cpu1/topology/physical_package_id", "3")
            .With("devices/system/node/node2/cpulist", "")
            .With("devices/system/node/nodes", "");

        Assert.Equal([new(0, 0), new(1, 3), new NumaCell(2, null)], (await Read(tree)).NumaCells);
    }

    [Theory, Trait("feature", "AX3")]
    [InlineData("0000:99:00.0", "vendor", "0x80860", "vendor")]
    [InlineData("0000:99:00.0", "vendor", "8086", "vendor")]
    [InlineData("0000:99:00.0", "device", "0x15zz", "device")]
    [InlineData("0000:99:00.0", "class", "", "class")]
    [InlineData("0000:99:00.0", "numa_node", "some", "numa_node")]
    [InlineData("0000:99:00.0", "sriov_totalvfs", "0x7", "sriov_totalvfs")]
    [InlineData("0000:99:00.0", "iommu_group", "-> ../../none", "iommu_group")]
    [InlineData("0000:99:00.0", "virtfn0", "-> ../somewhere", "virtfn0")]
    [InlineData("0000:99:00.0", "physfn", "-> ../somewhere", "physfn")]
    [InlineData("0000:99:00.0", "physfn", "-> ../0000:98:00.0", "does not list it")]
    [InlineData("0000:99:00.0", "vendor", null, "denied")]
    [InlineData("10000:99:00.0", "numa_node", "0", "10000 is above ffff")]
    [InlineData("0000:99:00.9", "numa_node", "0", "above 7")]
    public async Task A_bad_device_is_left_out_with_the_reason_and_hides_no_other(
        string address, string attribute, string? content, string reason)
    {
        using var tree = RecordedTree.Before;
        var others = (await Read(tree)).Functions.Count;
        tree.WithFunction(address).With(Path.Combine(RecordedTree.Device(address), attribute), content);

        var host = await Read(tree);

        Assert.Equal(others, host.Functions.Count);
        var skipped = Assert.Single(host.Skipped);
        Assert.Equal(address, skipped.What);
        Assert.Contains(reason, skipped.Reason);
    }

    [Fact]
    public async Task A_device_that_vanishes_while_it_is_read_is_left_out()
    {
        using var tree = RecordedTree.Before;
        var others = (await Read(tree)).Functions.Count;
        tree.With(RecordedTree.Device("0000:99:00.0"), "-> ../../../devices/gone");

        var host = await Read(tree);

        Assert.Equal(others, host.Functions.Count);
        Assert.Contains("vanished", Assert.Single(host.Skipped).Reason);
    }

    [Fact, Trait("feature", "G2")]
    public async Task A_VF_that_its_PF_lists_and_that_is_not_there_yet_is_not_counted()
    {
        using var tree = RecordedTree.After;
        tree.Without(RecordedTree.Device("0000:21:11.4"));

        var host = await Read(tree);

        Assert.Equal(6, At(host, Card).Device.NumVfs);
        Assert.Equal(6, host.Functions.Count(f => $"{f.Device.Parent}" == Card));
    }

    [Fact]
    public async Task A_sysfs_that_is_gone_is_no_host_without_devices()
    {
        using var tree = RecordedTree.Empty;

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => Read(tree));
    }

    [Fact]
    public async Task A_read_that_hangs_is_given_up_and_costs_one_thread_only()
    {
        using var tree = RecordedTree.Before;
        tree.WithFunction("0000:99:00.0");
        var vendor = Path.Combine(tree.Root, RecordedTree.Device("0000:99:00.0"), "vendor");
        File.Delete(vendor);
        await Pipe.Make(vendor, Stop);
        using var host = new KernelHost("host-1", NullLogger.Instance, tree.Root)
        {
            ReadLimit = TimeSpan.FromMilliseconds(300),
        };

        var given = await Assert.ThrowsAsync<TimeoutException>(() => host.Read(Stop));
        Assert.Contains("host-1", given.Message);
        await Assert.ThrowsAsync<TimeoutException>(() => host.Read(Stop));
        // Ends the one read that hangs; a second would hang on.
        await File.WriteAllTextAsync(vendor, "0x8086\n", Stop);
        File.Delete(vendor);
        await File.WriteAllTextAsync(vendor, "0x8086\n", Stop);

        await Support.Eventually.True("the host is read again", async () => await CanBeRead(host), Stop);
    }

    private static async Task<bool> CanBeRead(KernelHost host)
    {
        try
        {
            return (await host.Read(Stop)).Any(device => $"{device.Address}" == "0000:99:00.0");
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static SeenFunction At(HostSnapshot host, string address) =>
        host.Functions.Single(f => $"{f.Device.Address}" == address);

    private static async Task<HostSnapshot> Read(RecordedTree tree)
    {
        using var host = new KernelHost("host-1", NullLogger.Instance, tree.Root);
        await host.Read(Stop);
        return host.Latest;
    }
}
