using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Support;

namespace Platform.Integration.Tests.Inventory;

/// <summary>The life of claims, seen from outside. The same in both modes.</summary>
public abstract class InventoryTests
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("invariant", "6"), Trait("feature", "B13"), Trait("feature", "B14")]
    public async Task A_claim_takes_from_the_pool_and_gives_back_when_clean()
    {
        await using var host = await StartHost();
        var claimId = Guid.NewGuid();

        await host.Send(ClaimDevices.Queue, InventoryHost.Claim(claimId, 2), Stop);
        var claimed = await host.Hear<DevicesClaimed>(it => it.ClaimId == claimId, Stop);
        await host.Hear<PoolsChanged>(it => it.Pools.Any(pool => (pool.Free, pool.Total) == (2, 4)), Stop);
        await host.Send(ConfirmClaim.Queue, new ConfirmClaim(claimId, claimId, InventoryHost.HostId), Stop);
        await host.Hear<ClaimConfirmed>(it => it.ClaimId == claimId, Stop);
        await host.Send(ReleaseDevices.Queue, Release(claimId), Stop);
        var releasing = await host.Hear<DevicesReleasing>(it => it.ClaimId == claimId, Stop);
        var released = await host.Hear<DevicesReleased>(it => it.ClaimId == claimId, Stop);

        Assert.All(
            host.Said<PoolsChanged>().Where(it => it.Online),
            it => Assert.Equal(InventoryHost.Cells, it.NumaCells!));
        Assert.Equal(["0000:3b:02.0", "0000:3b:02.1"], claimed.Devices.Select(device => device.Address));
        Assert.Equal(["0000:3b:02.0", "0000:3b:02.1"], releasing.Addresses);
        Assert.True(releasing.HostOnline);
        Assert.Equal(["0000:3b:02.0", "0000:3b:02.1"], released.Cleaned);
        var stream = await host.Store.FetchStream(InventoryHost.HostId, 1, Stop);
        Assert.Equal(
            "ClaimGranted", stream.Single(it => it.Version == claimed.Generation).Data.GetType().Name);
        await host.Hear<PoolsChanged>(
            it => it.Version >= stream[^1].Version && it.Pools.Any(pool => pool.Free == 4), Stop);
    }

    [Fact]
    [Trait("invariant", "3")]
    public async Task A_release_before_its_claim_wins_and_the_same_again_is_answered_again()
    {
        await using var host = await StartHost();
        var claimId = Guid.NewGuid();

        await host.Send(ReleaseDevices.Queue, Release(claimId), Stop);
        await host.Hear<DevicesReleased>(it => it.ClaimId == claimId, Stop);
        await host.Send(ClaimDevices.Queue, InventoryHost.Claim(claimId, 1), Stop);
        var rejected = await host.Hear<ClaimRejected>(it => it.ClaimId == claimId, Stop);
        await host.Send(ReleaseDevices.Queue, Release(claimId), Stop);

        await Eventually.True(
            "the release was answered twice",
            () => host.Said<DevicesReleased>().Count(it => it.ClaimId == claimId) == 2, Stop);
        Assert.Equal("claim-released", rejected.Code);
        Assert.Equal(InventoryHost.Cells, rejected.NumaCells!);
        Assert.Equal(4, Assert.Single(rejected.Pools).Free);
    }

    [Fact]
    [Trait("invariant", "4"), Trait("feature", "U2")]
    public async Task A_claim_that_nobody_confirms_ends_with_its_lease_and_its_functions_are_cleaned()
    {
        await using var host = await StartHost();
        var claimId = Guid.NewGuid();

        await host.Send(ClaimDevices.Queue, InventoryHost.Claim(claimId, 4, leaseSeconds: 1), Stop);
        await host.Hear<DevicesClaimed>(it => it.ClaimId == claimId, Stop);
        var released = await host.Hear<DevicesReleased>(it => it.ClaimId == claimId, Stop);
        await host.Send(ConfirmClaim.Queue, new ConfirmClaim(claimId, claimId, InventoryHost.HostId), Stop);
        await host.Hear<ClaimLost>(it => it.ClaimId == claimId, Stop);

        Assert.Equal(4, released.Cleaned.Count);
    }

    [Fact]
    [Trait("invariant", "6")]
    public async Task What_an_agent_did_not_clean_is_cleaned_after_its_next_start()
    {
        await using var host = await StartHost();
        var claimId = Guid.NewGuid();
        await host.Send(ClaimDevices.Queue, InventoryHost.Claim(claimId, 1), Stop);
        await host.Hear<DevicesClaimed>(it => it.ClaimId == claimId, Stop);

        host.Cleans = false;
        await host.Send(ReleaseDevices.Queue, Release(claimId), Stop);
        await host.Hear<DevicesReleasing>(it => it.ClaimId == claimId, Stop);
        host.Cleans = true;
        await host.Bus.Publish(new AgentStarted(InventoryHost.HostId, Guid.NewGuid()), Stop);

        await host.Hear<DevicesReleased>(it => it.ClaimId == claimId, Stop);
        Assert.Equal(2, (await host.Hear<HostWentOnline>(it => it.Epoch == 2, Stop)).Epoch);
    }

    [Fact]
    [Trait("invariant", "8"), Trait("feature", "U31")]
    public async Task A_silent_host_goes_offline_and_comes_back_with_a_whole_report()
    {
        await using var host = await StartHost("--Inventory:HostTimeout=00:00:01");

        await host.Hear<HostWentOffline>(it => it.HostId == InventoryHost.HostId, Stop);
        await host.Hear<PoolsChanged>(it => !it.Online, Stop);
        host.Devices = InventoryHost.Vfs(2);
        await host.Heartbeat(Stop);

        await host.Hear<PoolsChanged>(it => it.Online && it.Pools.Any(pool => pool.Total == 2), Stop);
    }

    [Fact]
    [Trait("invariant", "8")]
    public async Task A_lost_event_is_missed_and_the_whole_report_asked_for()
    {
        await using var host = await StartHost();
        host.Devices = InventoryHost.Vfs(6);

        await host.Bus.Publish(new DeviceLost(InventoryHost.HostId, 1, 7, "0000:3b:02.0", "pulled"), Stop);

        await host.Hear<PoolsChanged>(it => it.Pools.Any(pool => pool.Total == 6), Stop);
    }

    [Fact]
    [Trait("feature", "U29")]
    public async Task Malformed_commands_are_answered_and_the_service_goes_on()
    {
        await using var host = await StartHost();
        var claimId = Guid.NewGuid();
        var good = InventoryHost.Claim(claimId, 1);

        await host.Send(ClaimDevices.Queue, good with { Requests = null! }, Stop);
        await host.Hear<ClaimRejected>(it => it is { Code: "invalid" } && it.ClaimId == claimId, Stop);
        await host.Send(ClaimDevices.Queue, good with { HostId = "no such host" }, Stop);
        await host.Hear<ClaimRejected>(it => it is { Code: "invalid", HostId: "no such host" }, Stop);
        await host.Send(ClaimDevices.Queue, good with { HostId = "unknown" }, Stop);
        await host.Hear<ClaimRejected>(it => it is { Code: "host-unknown", HostId: "unknown" }, Stop);
        await host.Bus.Publish(new HostReported(InventoryHost.HostId, 1, 2, null!), Stop);
        await host.Bus.Publish(new DevicesCleaned(null!, claimId, 1, null!), Stop);
        await host.Send(ClaimDevices.Queue, good, Stop);

        await host.Hear<DevicesClaimed>(it => it.ClaimId == claimId, Stop);
    }

    [Fact]
    [Trait("feature", "B30")]
    public async Task What_is_there_and_whose_it_is_can_be_read()
    {
        await using var host = await StartHost();
        var claimId = Guid.NewGuid();
        await host.Send(ClaimDevices.Queue, InventoryHost.Claim(claimId, 1), Stop);
        await host.Hear<DevicesClaimed>(it => it.ClaimId == claimId, Stop);

        var hosts = await host.Http.GetFromJsonAsync<JsonElement>("/inventory/hosts", Stop);
        var pools = await host.Http.GetFromJsonAsync<IReadOnlyList<PoolsChanged>>("/inventory/pools", Stop);
        var devices = await host.Http.GetFromJsonAsync<JsonElement>("/inventory/devices?host=host-1", Stop);

        Assert.Equal(3, hosts[0].GetProperty("free").GetInt32());
        Assert.NotEqual(JsonValueKind.Null, hosts[0].GetProperty("lastHeard").ValueKind);
        Assert.Equal("physnet1", Assert.Single(Assert.Single(pools!).Pools).Tags["physical_network"]);
        Assert.Equal(InventoryHost.Cells, pools![0].NumaCells!);
        Assert.Equal("held", devices[0].GetProperty("state").GetString());
        Assert.Equal(claimId, devices[0].GetProperty("bootId").GetGuid());
        Assert.Equal("free", devices[1].GetProperty("state").GetString());
        var unknown = await host.Http.GetAsync("/inventory/devices?host=unknown", Stop);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    /// <summary>The inventory with an agent that has been admitted.</summary>
    protected async Task<InventoryHost> StartHost(params string[] settings)
    {
        var host = await InventoryHost.Start(
            Stop, ["--Inventory:SweepInterval=00:00:00.1", .. await Servers(), .. settings]);
        await host.StartAgent(Guid.NewGuid(), Stop);
        return host;
    }

    protected abstract Task<string[]> Servers();

    private static ReleaseDevices Release(Guid claimId) =>
        new(claimId, claimId, InventoryHost.HostId, "over");
}

/// <summary>On the embedded defaults.</summary>
public sealed class EmbeddedInventoryTests : InventoryTests
{
    protected override Task<string[]> Servers() => Task.FromResult<string[]>([]);
}

/// <summary>On real servers.</summary>
public sealed class DistributedInventoryTests(TestServers servers) : InventoryTests
{
    protected override async Task<string[]> Servers()
    {
        await servers.StartBoth();
        return
        [
            $"--ConnectionStrings:Postgres={await servers.CreateDatabase(Stop)}",
            $"--ConnectionStrings:RabbitMq={await servers.CreateVhost(Stop)}",
        ];
    }
}
