using System.Text.Json;
using Platform.Contracts.Scheduler;
using Platform.Gateway.Api;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>
/// Boots that ask for more than VFs of a network: devices by alias, NUMA nodes, PFs apart, one function and
/// no other.
/// </summary>
public abstract class PlacementTests(PlacementTests.WorldFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private World World => fixture.World;

    [Fact, Trait("feature", "C14"), Trait("feature", "C25"), Trait("feature", "C26"), Trait("feature", "U18")]
    public async Task A_boot_gets_its_GPU_and_its_NIC_on_one_NUMA_cell_and_gives_both_back()
    {
        using var stop = Stop();
        await using var witness = await Witness.Of(
            World.Bus, Witness.To<VfReserved>, Witness.To<BootSucceeded>, Witness.To<BootStopped>);
        var port = await fixture.Port(stop.Token);

        var bootId = await World.Api.Boot(
            new(null, "gpu-and-nic", "p", [new(port)], new Dictionary<string, string?>
            {
                ["pci_passthrough:alias"] = "gpu:1",
                ["hw:pci_numa_affinity_policy"] = "required",
                ["hw:numa_nodes"] = "1",
            }),
            stop.Token);

        var reserved = await witness.Hears<VfReserved>(m => m.BootId == bootId, stop.Token);
        var gpu = Assert.Single(reserved.Devices!);
        var nic = Assert.Single(reserved.Nics).Function!;
        Assert.Equal(("gpu", "10de"), (gpu.Alias, gpu.Function.VendorId));
        Assert.Equal(gpu.Function.NumaNode, nic.NumaNode);
        Assert.Equal([nic.NumaNode!.Value], reserved.GuestNumaCells!);
        var succeeded = await witness.Hears<BootSucceeded>(m => m.BootId == bootId, stop.Token);
        Assert.Equal(reserved.Devices!, succeeded.Devices!);
        Assert.Equal(2, await Plugged(bootId, stop.Token));

        await World.Api.Stop(bootId, stop.Token);
        await witness.Hears<BootStopped>(m => m.BootId == bootId, stop.Token);

        Assert.Empty(await World.LeftOf(bootId, [port], stop.Token));
    }

    [Fact, Trait("feature", "C14"), Trait("feature", "B23"), Trait("feature", "U20")]
    public async Task Devices_alone_are_a_boot_and_one_too_many_is_refused()
    {
        using var stop = Stop();
        var both = await World.Api.Boot(Devices("both", "gpu:2"), stop.Token);
        Assert.Equal("Running", (await World.Api.Ended(both, stop.Token)).State);

        var third = await World.Api.Boot(Devices("third", "gpu:1"), stop.Token);
        var refused = await World.Api.Ended(third, stop.Token);
        var explained = await World.Api.Get<JsonElement>($"api/boots/{third}/explain", stop.Token);
        await Stopped(both, stop.Token);

        Assert.Equal("Failed", refused.State);
        Assert.Contains("1 function with product_id 1db4 with vendor_id 10de asked", refused.Failure!.Reason);
        Assert.Equal(
            ["host-0", "host-1"],
            explained.GetProperty("hosts").EnumerateArray()
                .Select(host => host.GetProperty("hostId").GetString()).Order());
        Assert.All(
            explained.GetProperty("hosts").EnumerateArray(),
            host => Assert.Equal("insufficient", host.GetProperty("code").GetString()));
    }

    [Fact, Trait("feature", "C28"), Trait("feature", "U29")]
    public async Task An_alias_that_is_not_defined_is_named()
    {
        using var stop = Stop();

        var boot = await World.Api.Boot(Devices("unknown", "fpga:1"), stop.Token);

        var failed = (await World.Api.Ended(boot, stop.Token)).Failure!;
        Assert.Equal("invalid-request", failed.Code);
        Assert.Equal("pci_passthrough:alias 'fpga' is refused: no alias has this name.", failed.Reason);
    }

    [Fact, Trait("feature", "U19"), Trait("feature", "D16")]
    public async Task A_bond_is_put_on_the_host_that_has_two_PFs()
    {
        using var stop = Stop();
        await using var witness = await Witness.Of(World.Bus, Witness.To<VfReserved>);
        BootGroup[] apart = [new("spread", "pf")];

        var bond = await Bond(new(Groups: apart), stop.Token);
        var elsewhere = await Bond(new("host-1", Groups: apart), stop.Token);

        Assert.Equal("Running", (await World.Api.Ended(bond, stop.Token)).State);
        var reserved = await witness.Hears<VfReserved>(m => m.BootId == bond, stop.Token);
        Assert.Equal(2, reserved.Nics.Select(nic => nic.Function!.ParentAddress).Distinct().Count());
        var refused = await World.Api.Ended(elsewhere, stop.Token);
        Assert.Equal(1, refused.Failure!.RefusedHosts!["grouping"]);
        Assert.Contains("on different PFs asked", refused.Failure.NearestMiss);
    }

    [Fact, Trait("feature", "D9"), Trait("feature", "B11")]
    public async Task A_pinned_NIC_gets_that_VF_and_nobody_else_does()
    {
        using var stop = Stop();
        await using var witness = await Witness.Of(World.Bus, Witness.To<VfReserved>);
        var vf = (await World.Api.Get<List<JsonElement>>("api/devices?host=host-1", stop.Token))
            .Where(device => device.GetProperty("deviceType").GetString() == "type-VF")
            .Select(device => device.GetProperty("address").GetString()!).Max();

        var first = await Pinned(vf, stop.Token);
        Assert.Equal("Running", (await World.Api.Ended(first, stop.Token)).State);
        Assert.Equal((64, 4, 3), await VfsOfThePf(stop.Token));
        var second = await Pinned(vf, stop.Token);

        var reserved = await witness.Hears<VfReserved>(m => m.BootId == first, stop.Token);
        Assert.Equal(vf, Assert.Single(reserved.Nics).Function!.Address);
        var refused = await World.Api.Ended(second, stop.Token);
        Assert.Equal("Failed", refused.State);
        Assert.Contains($"at {vf} asked, 0 free", refused.Failure!.Reason);
        await Stopped(first, stop.Token);
    }

    private async Task<Guid> Bond(BootPlacement placement, CancellationToken stop) => await World.Api.Boot(
        new(
            null, "bond", "p", [new(await fixture.Port(stop)), new(await fixture.Port(stop))], null,
            placement),
        stop);

    private async Task<Guid> Pinned(string? vf, CancellationToken stop) => await World.Api.Boot(
        new(null, "pinned", "p", [new(await fixture.Port(stop), vf)], null, new("host-1")), stop);

    private async Task<(int, int, int)> VfsOfThePf(CancellationToken stop)
    {
        var devices = await World.Api.Get<List<JsonElement>>("api/devices?host=host-1", stop);
        var vfs = devices.Single(device => device.GetProperty("deviceType").GetString() == "type-PF")
            .GetProperty("vfs");
        return (
            vfs.GetProperty("total").GetInt32(), vfs.GetProperty("existing").GetInt32(),
            vfs.GetProperty("free").GetInt32());
    }

    private async Task Stopped(Guid bootId, CancellationToken stop)
    {
        await World.Api.Stop(bootId, stop);
        await World.Api.Shown(bootId, boot => boot.State == "Stopped", stop);
    }

    private static BootRequest Devices(string vmId, string alias) => new(
        null, vmId, "p", null, new Dictionary<string, string?> { ["pci_passthrough:alias"] = alias });

    private async Task<int> Plugged(Guid bootId, CancellationToken stop) =>
        (await World.Api.Get<List<JsonElement>>("api/devices", stop)).Count(device =>
            device.GetProperty("bootId").ValueKind == JsonValueKind.String
            && device.GetProperty("bootId").GetGuid() == bootId);

    private static CancellationTokenSource Stop()
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Limit);
        return stop;
    }

    /// <summary>
    /// host-0 has two PFs and two GPUs, one of each on either NUMA cell; host-1 has one PF.
    /// </summary>
    public abstract class WorldFixture(TestServers? servers) : IAsyncLifetime
    {
        private string network = "";

        internal World World { get; private set; } = null!;

        internal Task<string> Port(CancellationToken stop) => World.Api.CreatePort(network, stop);

        public async ValueTask InitializeAsync()
        {
            var stop = TestContext.Current.CancellationToken;
            World = await World.Start(servers, Settings, stop);
            await World.Api.HostsOnline(2, stop);
            network = await World.Api.CreateNetwork("blue", "physnet1", 101, stop);
        }

        public async ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            await World.DisposeAsync();
        }

        private static Dictionary<string, string?> Settings => new(
        [
            new("HostAgent:Hosts:0:HostId", "host-0"),
            .. Pf(0, 0, "0000:3b:00.0", 0), .. Pf(0, 1, "0000:5e:00.0", 1),
            .. Gpu(0, 2, "0000:81:00.0", 0), .. Gpu(0, 3, "0000:c1:00.0", 1),
            new("HostAgent:Hosts:1:HostId", "host-1"),
            .. Pf(1, 0, "0000:3b:00.0", 0),
            new("Scheduler:Alias:0", """{"name": "gpu", "vendor_id": "10de", "product_id": "1db4"}"""),
        ]);

        private static IEnumerable<KeyValuePair<string, string?>> Pf(
            int host, int index, string address, int node) => Function(host, index, address, node).Concat(
        [
            new($"HostAgent:Hosts:{host}:Pfs:{index}:PhysicalNetwork", "physnet1"),
            new($"HostAgent:Hosts:{host}:Pfs:{index}:NumVfs", "4"),
        ]);

        private static IEnumerable<KeyValuePair<string, string?>> Gpu(
            int host, int index, string address, int node) => Function(host, index, address, node).Concat(
        [
            new($"HostAgent:Hosts:{host}:Pfs:{index}:TotalVfs", "0"),
            new($"HostAgent:Hosts:{host}:Pfs:{index}:VendorId", "10de"),
            new($"HostAgent:Hosts:{host}:Pfs:{index}:ProductId", "1db4"),
        ]);

        private static IEnumerable<KeyValuePair<string, string?>> Function(
            int host, int index, string address, int node) =>
        [
            new($"HostAgent:Hosts:{host}:Pfs:{index}:Address", address),
            new($"HostAgent:Hosts:{host}:Pfs:{index}:NumaNode", $"{node}"),
        ];
    }
}

public sealed class EmbeddedPlacementWorld() : PlacementTests.WorldFixture(servers: null);

public sealed class DistributedPlacementWorld(TestServers servers) : PlacementTests.WorldFixture(servers);

public sealed class EmbeddedPlacementTests(EmbeddedPlacementWorld world)
    : PlacementTests(world), IClassFixture<EmbeddedPlacementWorld>;

[Trait("servers", "RabbitMQ, PostgreSQL")]
public sealed class DistributedPlacementTests(DistributedPlacementWorld world)
    : PlacementTests(world), IClassFixture<DistributedPlacementWorld>;
