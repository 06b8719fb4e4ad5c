using Platform.HostAgent;
using Platform.HostAgent.Devices.Simulated;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Options;
using Platform.Pci;
using Platform.ServiceDefaults;

namespace Platform.Unit.Tests.HostAgent;

public class SimulatedHostTests
{
    private static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.1");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4, 4, null)]
    [InlineData(4, 0, null)]
    [InlineData(0, 8, null)]
    [InlineData(4, 5, "EBUSY")]
    [InlineData(0, 9, "ERANGE")]
    [InlineData(4, 9, "ERANGE")]
    [InlineData(0, -1, "EINVAL")]
    [InlineData(4, 65536, "EINVAL")]
    [Trait("feature", "E6")]
    public async Task The_number_of_VFs_is_set_by_the_kernels_rules(int current, int wanted, string? error)
    {
        var host = Host(current);

        var refusal = await host.SetVfCount(Pf, wanted, Stop);

        Assert.Equal(error, refusal?.Error);
        var expected = error == null ? wanted : current;
        var devices = await host.Read(Stop);
        Assert.Equal(expected, devices.Count(d => d.Parent == Pf));
        Assert.Equal(expected, devices.Single(d => d.Address == Pf).NumVfs);
    }

    [Theory, Trait("feature", "D10")]
    [InlineData(0, 1, "")]
    [InlineData(2, 1, "0 on 0, 1 on 1")]
    [InlineData(4, 2, "0 on 0, 1 on 0, 2 on 1, 3 on 1")]
    public void A_host_has_as_many_NUMA_cells_and_sockets_as_configured(
        int cells, int perSocket, string expected)
    {
        var options = new AgentHostOptions { NumaCells = cells, NumaCellsPerSocket = perSocket };
        var host = new SimulatedHost(options, new([]), new(null));

        Assert.Equal(
            expected, string.Join(", ", host.NumaCells.Select(cell => $"{cell.Id} on {cell.Socket}")));
    }

    [Theory, Trait("feature", "D10")]
    [InlineData("NumaCells", "-1")]
    [InlineData("NumaCellsPerSocket", "0")]
    [InlineData("Pfs:0:IommuGroup", "-1")]
    [InlineData("Pfs:0:NumaNode", "2")]
    [InlineData("Pfs:0:NumaNode", "-1")]
    public void A_host_whose_topology_cannot_be_is_refused_at_start(string setting, string value)
    {
        var refused = Assert.Throws<SettingRefusedException>(() => PlatformHost.Build(
            [
                "--Urls=http://127.0.0.1:0", "--HostAgent:Hosts:0:HostId=host-1",
                "--HostAgent:Hosts:0:Pfs:0:Address=0000:3b:00.0", $"--HostAgent:Hosts:0:{setting}={value}",
            ],
            [HostAgentService.Module]));

        Assert.Contains($"HostAgent:Hosts:0:{setting} is {value};", refused.Message);
    }

    [Fact, Trait("feature", "H14")]
    public void A_libvirt_that_is_no_URI_is_refused_at_start() => Assert.Contains(
        "HostAgent:Libvirt is 'here';",
        Assert.Throws<SettingRefusedException>(() => PlatformHost.Build(
            ["--Urls=http://127.0.0.1:0", "--HostAgent:Libvirt=here"], [HostAgentService.Module])).Message);

    [Fact, Trait("feature", "B20"), Trait("feature", "U23")]
    public async Task A_PF_shares_an_IOMMU_group_with_its_VFs_and_other_PFs_where_it_is_configured()
    {
        var host = new SimulatedHost(
            new()
            {
                HostId = "host-1",
                Pfs =
                [
                    new() { Address = "0000:3b:00.0", NumVfs = 2, IommuGroup = 7 },
                    new() { Address = "0000:3b:00.1", NumVfs = 1, IommuGroup = 7 },
                    new() { Address = "0000:5e:00.0", NumVfs = 1 },
                ],
            },
            new([]),
            new(null));

        var devices = await host.Read(Stop);

        Assert.Equal(5, devices.Count(d => (d.IommuGroup, d.IommuPeers) == (7, 4)));
        var alone = devices.Where(d => d.IommuPeers == 0 && d.IommuGroup != 7);
        Assert.Equal(2, alone.DistinctBy(d => d.IommuGroup).Count());
    }

    [Fact]
    public async Task VFs_made_anew_have_lost_their_settings()
    {
        var host = Host(2);
        var vf = (await host.Read(Stop)).First(d => d.Parent == Pf).Address;
        await host.Plug(
            new(vf, Guid.Empty, "vm", Guid.Empty, 1, "port", "direct", "fa:16:3e:00:00:01", 7), Stop);
        Assert.Equal(7, host.Hardware.Of(vf).Vlan);

        await host.SetVfCount(Pf, 0, Stop);
        await host.SetVfCount(Pf, 2, Stop);

        Assert.Equal(FunctionSettings.Clean, host.Hardware.Of(vf));
    }

    [Fact]
    public async Task A_changed_number_of_VFs_is_one_difference_and_tells_of_all_VFs()
    {
        var host = Host(2);
        var before = await host.Read(Stop);
        await host.SetVfCount(Pf, 0, Stop);
        var none = await host.Read(Stop);
        await host.SetVfCount(Pf, 3, Stop);
        var after = await host.Read(Stop);

        var removed = Assert.IsType<Difference.VfCount>(Assert.Single(Difference.Between(before, none)));
        var made = Assert.IsType<Difference.VfCount>(Assert.Single(Difference.Between(none, after)));
        Assert.Empty(removed.Vfs);
        Assert.Equal(3, made.Vfs.Count);
        Assert.Empty(Difference.Between(after, after));
    }

    [Fact]
    public async Task A_function_that_came_went_or_changed_is_a_difference_of_its_own()
    {
        var devices = await Host(2).Read(Stop);
        var moved = devices.Select(d => d.VfIndex == 0 ? d with { NumaNode = 1 } : d).ToList();

        Assert.All(Difference.Between([], devices), d => Assert.IsType<Difference.Discovered>(d));
        Assert.Equal(3, Difference.Between(devices, []).OfType<Difference.Lost>().Count());
        var changed = Assert.IsType<Difference.Changed>(Assert.Single(Difference.Between(devices, moved)));
        Assert.Equal(1, changed.Function.NumaNode);
    }

    [Fact]
    public async Task A_fault_is_played_as_often_as_configured_and_where_it_matches()
    {
        var host = Host(
            2, new FaultOptions { Operation = "clean", Host = "host-1", PhysicalNetwork = "physnet2" });
        var other = Host(2, new FaultOptions { Operation = "clean", PhysicalNetwork = "physnet1" });
        var vf = (await host.Read(Stop)).First(d => d.Parent == Pf).Address;

        Assert.Equal("EIO", (await host.Clean(vf, Stop))?.Error);
        Assert.Null(await host.Clean(vf, Stop));
        Assert.Null(await other.Clean(vf, Stop));
    }

    private static SimulatedHost Host(int numVfs, params FaultOptions[] faults) => new(
        new()
        {
            HostId = "host-1",
            Pfs = [new() { Address = $"{Pf}", PhysicalNetwork = "physnet2", NumVfs = numVfs, TotalVfs = 8 }],
        },
        new(faults),
        new(null));
}
