using System.Text.Json;
using Platform.Contracts.Scheduler;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>A project holds no more functions than its quota, however many boots come at once.</summary>
public abstract class QuotaTests(TestServers? servers)
{
    private const int Quota = 5;
    private const int Boots = 16;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact, Trait("feature", "B33")]
    public async Task A_quota_is_never_exceeded_and_given_back_with_the_machine()
    {
        using var limit =
            CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var stop = limit.Token;
        Dictionary<string, string?> settings = new(World.Hosts(count: 2, vfs: 16))
        {
            ["Scheduler:Quota:small"] = $"{Quota}",
        };
        await using var world = await World.Start(servers, settings, stop, withReplicas: servers is not null);
        await world.Api.HostsOnline(2, stop);
        await using var witness =
            await Witness.Of(world.Bus, Witness.To<BootSucceeded>, Witness.To<BootFailed>);
        var network = await world.Api.CreateNetwork("blue", "physnet1", 101, stop);
        var ports = new List<string>();
        while (ports.Count < Boots + 2)
            ports.Add(await world.Api.CreatePort(network, stop));

        await Task.WhenAll(ports.Take(Boots).Select(port => Boot("small", port)));
        await Eventually.True(
            $"{Boots} boots have ended",
            () => witness.Heard<BootSucceeded>().Count + witness.Heard<BootFailed>().Count == Boots, stop);

        Assert.Equal(Quota, witness.Heard<BootSucceeded>().Count);
        Assert.All(witness.Heard<BootFailed>(), failed => Assert.Equal("quota", failed.Code));
        Assert.All(
            witness.Heard<BootFailed>(),
            failed => Assert.Matches(
                "Project small holds [0-9] of 5 functions, and vm asks for 1", failed.Reason));
        Assert.Equal(Quota, await Held(world, stop));

        var first = witness.Heard<BootSucceeded>()[0].BootId;
        await world.Api.Stop(first, stop);
        await world.Api.Shown(first, boot => boot.State == "Stopped", stop);
        Assert.Equal(Quota - 1, await Held(world, stop));
        Assert.Equal("Running", (await world.Api.Ended(await Boot("small", ports[^1]), stop)).State);
        Assert.Equal("Running", (await world.Api.Ended(await Boot("another", ports[^2]), stop)).State);

        Task<Guid> Boot(string project, string port) =>
            world.Api.Boot(new(null, "vm", project, [new(port)]), stop);
    }

    private static async Task<int> Held(World world, CancellationToken stop) =>
        (await world.Api.Get<JsonElement>("api/projects/small/quota", stop)).GetProperty("held").GetInt32();
}

public sealed class EmbeddedQuotaTests() : QuotaTests(servers: null);

[Trait("servers", "RabbitMQ, PostgreSQL")]
public sealed class DistributedQuotaTests(TestServers servers) : QuotaTests(servers);
