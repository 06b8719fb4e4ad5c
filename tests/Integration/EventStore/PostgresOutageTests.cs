using System.Collections.Concurrent;
using Npgsql;
using Platform.EventStore;
using Platform.Support;

namespace Platform.Integration.EventStore;

/// <summary>The server dies under a reader, and comes back.</summary>
public sealed class PostgresOutageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("invariant", "2")]
    public async Task A_follower_outlives_its_server_and_skips_nothing()
    {
        await using var server = await PrivatePostgres.StartAsync(Stop);
        await using var database = NpgsqlDataSource.Create($"{server.ConnectionString};Timeout=2");
        var store = new PostgresEventStore(database, new TestOptions().Build());
        await store.EnsureSchema(Stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var followed = new ConcurrentQueue<int>();
        var following = store.Follow("reader", (events, _) =>
        {
            foreach (var happened in events)
                followed.Enqueue(((Counted)happened.Data).Seen);
            return Task.CompletedTask;
        }, enough.Token);
        var kept = store.RunCatchUpViews(enough.Token);
        await Append(store, 0);
        await Eventually.True("the first is followed", () => followed.Contains(0), Stop);

        server.Kill();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Append(store, 1));
        await server.RestartAsync(Stop);
        await Append(store, 2);
        await Eventually.True("the next is followed", () => followed.Contains(2), Stop);
        await Eventually.True("the view is kept", async () =>
            (await store.LoadView<CountOfHost>("tally", Stop))?.Count == 2, Stop);
        await enough.CancelAsync();
        await Task.WhenAll(following, kept);

        // What was handled when the position could not be stored may come again.
        Assert.Equal([0, 2], followed.Distinct());
    }

    private static async Task Append(PostgresEventStore store, int count)
    {
        await using var session = store.OpenSession();
        session.Append<Tally>("tally", [new Counted(count)]);
        await session.SaveChanges(Stop);
    }
}
