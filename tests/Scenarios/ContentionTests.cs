using Platform.Contracts.Scheduler;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>
/// Far more boots than functions, all at once, on two replicas each of inventory and scheduler.
/// </summary>
[Trait("servers", "RabbitMQ, PostgreSQL")]
public class ContentionTests(TestServers servers)
{
    private const int Boots = 1000;
    private const int HostCount = 4;
    private const int VfsPerHost = 25;
    private const int Vfs = HostCount * VfsPerHost;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact, Trait("feature", "U1"), Trait("feature", "U20"), Trait("invariant", "1"), Trait("invariant", "4")]
    public async Task Of_a_thousand_boots_for_a_hundred_VFs_exactly_a_hundred_succeed()
    {
        using var limit =
            CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var stop = limit.Token;
        await using var world = await World.Start(
            servers, World.Hosts(HostCount, VfsPerHost), stop, withReplicas: true);
        await world.Api.HostsOnline(HostCount, stop);
        await using var witness =
            await Witness.Of(world.Bus, Witness.To<BootSucceeded>, Witness.To<BootFailed>);
        var ports = await Ports(world, stop);

        var boots = ports
            .Select(port => new BootRequested(Guid.NewGuid(), $"vm-{port}", "p", [new(port)])).ToList();
        await Task.WhenAll(boots.Select(boot => world.Bus.Publish(boot, stop)));
        await Eventually.True(
            $"{Boots} boots have ended",
            () => witness.Heard<BootSucceeded>().Count + witness.Heard<BootFailed>().Count >= Boots,
            stop,
            Limit);

        var succeeded = witness.Heard<BootSucceeded>().Select(boot => boot.BootId).ToHashSet();
        var failed = witness.Heard<BootFailed>().DistinctBy(boot => boot.BootId).ToList();
        Assert.Equal(Vfs, succeeded.Count);
        Assert.Equal(Boots - Vfs, failed.Count);
        Assert.All(failed, boot => Assert.Equal("no-host", boot.Code));
        Assert.All(failed, boot => Assert.Equal(HostCount, boot.RefusedHosts["insufficient"]));
        Assert.Equal(
            boots.Select(boot => boot.BootId).Order(),
            succeeded.Concat(failed.Select(boot => boot.BootId)).Order());

        var held = await OwnershipAudit.HeldAtTheEnd(world.Database!, stop);
        Assert.Equal(Vfs, held.Count);
        Assert.Equal(succeeded.Order(), held.Values.Order());
    }

    private static async Task<string[]> Ports(World world, CancellationToken stop)
    {
        var network = await world.Api.CreateNetwork("blue", "physnet1", 101, stop);
        var ports = new string[Boots];
        var eightAtOnce = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = stop };
        await Parallel.ForAsync(0, Boots, eightAtOnce, async (index, token) =>
            ports[index] = await world.Api.CreatePort(network, token));
        return ports;
    }
}
