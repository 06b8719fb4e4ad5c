using Npgsql;
using Platform.EventStore;
using Platform.Support;

namespace Platform.Integration.EventStore;

/// <summary>The contract, kept on a real PostgreSQL, and what only that can show.</summary>
public sealed class PostgresEventStoreTests(TestServers servers) : EventStoreContract, IAsyncDisposable
{
    private readonly Dictionary<IEventStore, EventStoreOptions> optionsOf = [];
    private NpgsqlDataSource? database;

    protected override async Task<IEventStore> NewStore(EventStoreOptions options)
    {
        database ??= NpgsqlDataSource.Create($"{await servers.CreateDatabase(Stop)};Max Auto Prepare=50");
        var store = new PostgresEventStore(database, options);
        await store.EnsureSchema(Stop);
        optionsOf[store] = options;
        return store;
    }

    protected override IEventStore Elsewhere(IEventStore store) =>
        new PostgresEventStore(database!, optionsOf[store]);

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
    }

    [Theory, Trait("invariant", "2")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_waits_for_the_transaction_that_drew_a_number_first(bool commits)
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new Counted(1));
        await Eventually.True(
            "the first is read", async () => (await store.ReadLog(0, 10, Stop)).Events.Count == 1, Stop);
        await using var connection = await database!.OpenConnectionAsync(Stop);
        await using var open = await connection.BeginTransactionAsync(Stop);
        await Execute(connection, """
            select inventory.mt_append_events(
                'slow', 'tally', null, array[gen_random_uuid()], array['counted'], array['x'],
                array['{"seen":2}'::jsonb], null)
            """);
        await Append(store, "host-1", new Counted(3));

        // Asked many times, so that it has every chance to pass.
        for (var attempt = 0; attempt < 50; attempt++)
            Assert.All((await store.ReadLog(0, 10, Stop)).Events, e => Assert.Equal(new Counted(1), e.Data));
        Assert.Equal(1, (await store.ReadLog(0, 10, Stop)).Position);

        await (commits ? open.CommitAsync(Stop) : open.RollbackAsync(Stop));
        Assert.Equal(commits ? [1, 2, 3] : [1, 3], await FollowUntil(store, "reader", last: 3));
    }

    [Fact]
    public async Task Only_what_was_appended_since_the_last_fetch_is_folded_whoever_appended_it()
    {
        var store = await NewStore(Options.Build());
        for (var count = 0; count < 5; count++)
            await Count(store, "host-1");
        await store.AggregateStream<TestHost>("host-1", null, Stop);
        await Count(Elsewhere(store), "host-1");
        var folded = Options.Evolved;

        var host = await store.AggregateStream<TestHost>("host-1", null, Stop);

        Assert.Equal(Enumerable.Range(0, 6), host!.Counts);
        Assert.Equal(1, Options.Evolved - folded);
    }

    [Fact]
    public async Task A_stream_that_lost_events_and_grew_other_ones_is_read_anew()
    {
        var store = await NewStore(Options.Build());
        for (var count = 0; count < 5; count++)
            await Count(store, "host-1");
        await store.AggregateStream<TestHost>("host-1", null, Stop);

        // What a backup brings back.
        await using (var connection = await database!.OpenConnectionAsync(Stop))
            await Execute(connection, """
                delete from inventory.mt_events where version > 3;
                update inventory.mt_streams set version = 3
                """);

        await Append(Elsewhere(store), "host-1", new FunctionAdded("a", Kind.Virtual));
        await Append(Elsewhere(store), "host-1", new FunctionAdded("b", Kind.Virtual));

        var host = await store.AggregateStream<TestHost>("host-1", null, Stop);
        Assert.Equal([0, 1, 2], host!.Counts);
        Assert.Equal(["a", "b"], host.Holders.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_append_is_one_round_trip_and_so_is_a_fetch_for_writing()
    {
        var store = await NewStore(Options.Build(snapshotEvery: 1));
        await Append(store, "host-1", new FunctionAdded("a", Kind.Virtual));
        await using var session = store.OpenSession();

        using (var fetching = new RoundTrips())
        {
            (await session.FetchForWriting<TestHost>("host-1", Stop)).Append(
                [new Counted(0), new Counted(1)]);
            Assert.Single(fetching.Statements);
        }

        session.Append<Tally>("tally", [new Counted(0)]);
        using (var saving = new RoundTrips())
        {
            await session.SaveChanges(Stop);
            Assert.Single(saving.Statements);
        }

        Assert.Equal(new("host-1", 1, 3), await store.LoadView<HostSize>("host-1", Stop));
        Assert.Equal(3L, await Scalar(
            "select snapshot_version::bigint from inventory.mt_streams where id = 'host-1'"));
    }

    [Fact]
    public async Task Reading_a_log_that_has_not_grown_costs_one_look_and_no_transaction_id()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new Counted(0));
        Assert.Equal([0], await FollowUntil(store, "reader", last: 0));

        using var reading = new RoundTrips();
        var page = await store.ReadLog(1, 10, Stop);

        Assert.Equal(1, page.Position);
        Assert.DoesNotContain(
            "pg_current_xact_id", Assert.Single(reading.Statements), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_of_an_older_revision_is_not_used()
    {
        var store = await NewStore(Options.Build(snapshotEvery: 2));
        for (var count = 0; count < 4; count++)
            await Count(store, "host-1");
        await Scalar(
            "update inventory.mt_streams set snapshot = jsonb_set(snapshot, '{state,counts}', '[99]')");
        Assert.Equal([99], (await store.AggregateStream<TestHost>("host-1", null, Stop))!.Counts);

        var released = await NewStore(Options.Build(snapshotEvery: 2, revision: 2));

        Assert.Equal([0, 1, 2, 3], (await released.AggregateStream<TestHost>("host-1", null, Stop))!.Counts);
        await Count(released, "host-1");
        Assert.Equal("2", await Scalar("select snapshot ->> 'revision' from inventory.mt_streams"));
    }

    [Fact]
    public async Task An_archived_stream_takes_no_more_events_and_is_left_out_of_the_log()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new Counted(0));
        await Append(store, "host-2", new Counted(1));
        await Scalar("""
            update inventory.mt_streams set is_archived = true where id = 'host-1';
            update inventory.mt_events set is_archived = true where stream_id = 'host-1'
            """);

        await Assert.ThrowsAsync<StreamArchivedException>(() => Append(store, "host-1", new Counted(2)));
        await using var session = store.OpenSession();
        session.Append<Tally>("host-1", [new Counted(2)]);
        await Assert.ThrowsAsync<StreamArchivedException>(() => session.SaveChanges(Stop));

        Assert.Equal([1], await FollowUntil(store, "reader", last: 1));
    }

    [Fact]
    public async Task Numbers_go_on_past_the_largest_32_bit_integer()
    {
        var store = await NewStore(Options.Build());
        await Scalar("select setval('inventory.mt_events_sequence', 3000000000)");

        await Append(store, "host-1", new Counted(1));

        Assert.Equal(3_000_000_001, (await store.FetchStream("host-1", 0, Stop))[0].Sequence);
        Assert.Equal([1], await FollowUntil(store, "reader", last: 1));
    }

    [Fact]
    public async Task Work_whose_lock_was_lost_is_cancelled_and_run_again()
    {
        var store = await NewStore(Options.Build());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (begun, cancelled) = (0, 0);
        var running = store.RunExclusively("sweep", async held =>
        {
            Interlocked.Increment(ref begun);
            await Task.Delay(Timeout.Infinite, held).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Increment(ref cancelled);
        }, enough.Token);
        await Eventually.True("it runs", () => begun == 1, Stop);

        await Scalar("""
            select count(pg_terminate_backend(pid)) from pg_locks
            where locktype = 'advisory'
                and database = (select oid from pg_database where datname = current_database())
            """);

        await Eventually.True("it was cancelled", () => cancelled == 1, Stop);
        await Eventually.True("it runs again", () => begun == 2, Stop);
        await enough.CancelAsync();
        await running;
    }

    private async Task<object?> Scalar(string sql)
    {
        await using var command = database!.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
