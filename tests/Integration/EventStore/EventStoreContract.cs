using System.Text.Json;
using Platform.EventStore;

namespace Platform.Integration.EventStore;

/// <summary>What every event store promises. Each maker inherits it once.</summary>
public abstract partial class EventStoreContract
{
    protected TestOptions Options { get; } = new();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An empty store.</summary>
    protected abstract Task<IEventStore> NewStore(EventStoreOptions options);

    /// <summary>The same store as another process sees it.</summary>
    protected abstract IEventStore Elsewhere(IEventStore store);

    protected static async Task Append(IEventStore store, string key, params object[] events)
    {
        await using var session = store.OpenSession();
        session.Append<TestHost>(key, events);
        await session.SaveChanges(Stop);
    }

    /// <summary>Decides on fresh state until it is not overtaken; answers how often it was.</summary>
    protected static async Task<int> Count(IEventStore store, string key)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            await using var session = store.OpenSession();
            var stream = await session.FetchForWriting<TestHost>(key, Stop);
            stream.Append([new Counted(stream.State.Counts.Count)]);
            try
            {
                await session.SaveChanges(Stop);
                return conflicts;
            }
            catch (StreamConflictException)
            {
                // Another came first: decide again.
            }
        }
    }

    protected static string Json(object? value) => JsonSerializer.Serialize(value);

    [Fact]
    public async Task What_was_appended_is_fetched()
    {
        var store = await NewStore(Options.Build());
        var before = await store.Now(Stop);
        await using var session = store.OpenSession();
        session.StartStream<TestHost>(
            "host-1", [new FunctionAdded("0000:03:00.1", Kind.Virtual), new Counted(7)]);
        await session.SaveChanges(Stop);
        await Append(store, "host-1", new FunctionTaken("0000:03:00.1", Guid.Empty));
        var after = await store.Now(Stop);

        var events = await store.FetchStream("host-1", 0, Stop);

        Assert.Equal(
            [
                new FunctionAdded("0000:03:00.1", Kind.Virtual),
                new Counted(7),
                new FunctionTaken("0000:03:00.1", Guid.Empty),
            ],
            events.Select(e => e.Data));
        Assert.Equal([1, 2, 3], events.Select(e => e.Version));
        Assert.Equal(3, events.Select(e => e.Id).Distinct().Count());
        Assert.All(events, e => Assert.Equal("host-1", e.StreamKey));
        Assert.All(events, e => Assert.InRange(e.Timestamp, before, after));
        Assert.Equal([2, 3], (await store.FetchStream("host-1", 2, Stop)).Select(e => e.Version));
        Assert.Empty(await store.FetchStream("host-2", 0, Stop));
    }

    [Fact]
    public async Task A_stream_that_exists_is_not_started_again()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new Counted(0));

        await using var session = store.OpenSession();
        session.StartStream<TestHost>("host-1", [new Counted(9)]);

        await Assert.ThrowsAsync<StreamExistsException>(() => session.SaveChanges(Stop));
        Assert.Equal([new Counted(0)], (await store.FetchStream("host-1", 0, Stop)).Select(e => e.Data));
    }

    [Theory, Trait("invariant", "1")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_append_after_a_version_that_is_not_the_last_is_refused(long expected)
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new Counted(0), new Counted(1));

        await using var session = store.OpenSession();
        session.Append<TestHost>("host-1", expected, [new Counted(9)]);

        var conflict = await Assert.ThrowsAsync<StreamConflictException>(() => session.SaveChanges(Stop));
        Assert.Equal("host-1", conflict.Key);
        Assert.Equal(2, (await store.FetchStream("host-1", 0, Stop)).Count);
    }

    [Fact]
    public async Task An_append_after_the_last_version_is_taken_and_one_after_version_0_begins_the_stream()
    {
        var store = await NewStore(Options.Build());
        await using var session = store.OpenSession();

        session.Append<TestHost>("host-1", 0, [new Counted(0)]);
        session.Append<TestHost>("host-1", 1, [new Counted(1)]);
        await session.SaveChanges(Stop);
        session.Append<TestHost>("host-1", 2, [new Counted(2)]);
        await session.SaveChanges(Stop);

        Assert.Equal([0, 1, 2], (await store.AggregateStream<TestHost>("host-1", null, Stop))!.Counts);
    }

    [Fact, Trait("invariant", "1")]
    public async Task Of_two_writers_who_decided_on_the_same_version_one_wins()
    {
        var store = await NewStore(Options.Build());
        await using var one = store.OpenSession();
        await using var other = Elsewhere(store).OpenSession();
        (await one.FetchForWriting<TestHost>("host-1", Stop)).Append([new Counted(1)]);
        (await other.FetchForWriting<TestHost>("host-1", Stop)).Append([new Counted(2)]);

        await one.SaveChanges(Stop);
        await Assert.ThrowsAsync<StreamConflictException>(() => other.SaveChanges(Stop));

        Assert.Equal([new Counted(1)], (await store.FetchStream("host-1", 0, Stop)).Select(e => e.Data));
    }

    [Fact, Trait("invariant", "1")]
    public async Task Twenty_writers_who_decide_again_after_a_conflict_lose_nothing()
    {
        var store = await NewStore(Options.Build());

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Count(store, "host-1"))));

        var host = await store.AggregateStream<TestHost>("host-1", null, Stop);
        Assert.Equal(Enumerable.Range(0, 20), host!.Counts);
        var versions = (await store.FetchStream("host-1", 0, Stop)).Select(e => e.Version);
        Assert.Equal(Enumerable.Range(1, 20).Select(version => (long)version), versions);
    }

    [Fact]
    public async Task A_session_commits_all_of_its_streams_or_none()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-2", new Counted(0));
        await using var session = store.OpenSession();

        session.Append<TestHost>("host-1", [new Counted(0)]);
        session.Append<TestHost>("host-2", 5, [new Counted(0)]);
        session.Append<TestHost>("host-3", [new Counted(0)]);

        var conflict = await Assert.ThrowsAsync<StreamConflictException>(() => session.SaveChanges(Stop));
        Assert.Equal("host-2", conflict.Key);
        Assert.Empty(await store.FetchStream("host-1", 0, Stop));
        Assert.Empty(await store.FetchStream("host-3", 0, Stop));
        Assert.Null(await store.LoadView<HostSize>("host-1", Stop));
    }

    [Fact]
    public async Task Sessions_that_write_the_same_streams_in_opposite_order_all_commit()
    {
        var store = await NewStore(Options.Build());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var (first, second) = writer % 2 == 0 ? ("tally-1", "tally-2") : ("tally-2", "tally-1");
            for (var round = 0; round < 10; round++)
            {
                await using var session = store.OpenSession();
                session.Append<Tally>(first, [new Counted(writer)]);
                session.Append<Tally>(second, [new Counted(writer)]);
                await session.SaveChanges(Stop);
            }
        })));

        Assert.Equal(80, (await store.FetchStream("tally-1", 0, Stop)).Count);
        Assert.Equal(80, (await store.FetchStream("tally-2", 0, Stop)).Count);
    }

    [Fact]
    public async Task An_event_of_an_unregistered_type_is_refused_by_name()
    {
        var store = await NewStore(Options.Build());

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var session = store.OpenSession();
            session.Append<Tally>("tally", ["text"]);
            await session.SaveChanges(Stop);
        });

        Assert.Contains("System.String", error.Message, StringComparison.Ordinal);
    }
}
