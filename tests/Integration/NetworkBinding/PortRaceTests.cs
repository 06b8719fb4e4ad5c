using Npgsql;
using Platform.EventStore;
using Platform.NetworkBinding.Domain;
using Platform.NetworkBinding.Storage;
using Platform.Support;

namespace Platform.Integration.Tests.NetworkBinding;

/// <summary>Two processes' worth of boots on one database, which alone decides between them.</summary>
public class PortRaceTests(TestServers servers)
{
    private const int Boots = 24;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("invariant", "9"), Trait("invariant", "1")]
    public async Task However_many_boots_want_a_port_at_once_one_gets_it_and_an_undo_is_final()
    {
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabase(Stop));
        var store = new PostgresEventStore(database, Streams.Options);
        await store.EnsureSchema(Stop);
        var one = new Decisions(store);
        var other = new Decisions(new PostgresEventStore(database, Streams.Options));
        var port = await NewPort(one);

        var answers = await Task.WhenAll(Enumerable.Range(1, Boots).Select(boot =>
            new PortBindings(boot % 2 == 0 ? one : other).Bind([Order(boot, port)], Stop)));

        var winner = Assert.Single(answers, answer => answer.Refused == null).Ports[0].Port.Claim!;
        var bindings = new PortBindings(other);
        Assert.Equal(winner, (await bindings.Load([port], Stop))[0].Port.Claim);
        await bindings.Unbind(winner.ClaimId, [port], Stop);
        Assert.Null((await bindings.Load([port], Stop))[0].Port.Claim);
        var late = Order(0, port);
        late = late with { Order = late.Order with { Claim = winner } };
        Assert.False((await bindings.Bind([late], Stop)).Refused!.Permanent);
    }

    private static async Task<string> NewPort(Decisions decisions)
    {
        var (_, network) = await new Networks(decisions).Create(
            now => new("", "", "project", true, new("vlan", "physnet1", 101), now), Stop);
        var attributes = Port.None.Attributes with { VnicType = VnicType.Direct };
        var (_, port) = await new Ports(decisions).Create(
            network!.Id, "project", attributes, ManualBinding.None, Stop);
        return port!.Id;
    }

    private static PortOrder Order(int boot, string port) => new(port, new(
        new(new(boot, 0, 0, new byte[8]), new(boot, 1, 0, new byte[8]), $"vm-{boot}", "host-1",
            new("0000:3b:02.0", "8086", "154c", "type-VF", 0, null, null)),
        "physnet1",
        DateTimeOffset.UtcNow.AddMinutes(5)));
}
