using Platform.EventStore;

namespace Platform.Integration.EventStore;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task A_stream_fetched_for_writing_has_its_state_its_version_and_the_time()
    {
        var store = await NewStore(Options.Build());
        var holder = Guid.Parse("00000000-0000-0000-0000-000000000007");
        await Append(
            store, "host-1",
            new FunctionAdded("a", Kind.Virtual),
            new FunctionAdded("b", Kind.Physical),
            new FunctionTaken("a", holder));
        var before = await store.Now(Stop);

        await using var session = store.OpenSession();
        var stream = await session.FetchForWriting<TestHost>("host-1", Stop);

        Assert.Equal("host-1", stream.Key);
        Assert.Equal(3, stream.Version);
        Assert.Equal(holder, stream.State.Holders["a"]);
        Assert.Equal(["b"], stream.State.Physical);
        Assert.InRange(stream.Now, before, await store.Now(Stop));
    }

    [Fact]
    public async Task A_stream_that_is_not_there_is_fetched_as_the_empty_state_at_version_0()
    {
        var store = await NewStore(Options.Build());
        await using var session = store.OpenSession();

        var stream = await session.FetchForWriting<TestHost>("host-1", Stop);

        Assert.Equal(0, stream.Version);
        Assert.Same(TestHost.Empty, stream.State);
        await session.SaveChanges(Stop);
        Assert.Null(await store.AggregateStream<TestHost>("host-1", null, Stop));
    }

    [Fact]
    public async Task A_stream_is_folded_up_to_a_version_whatever_snapshots_it_has()
    {
        var store = await NewStore(Options.Build(snapshotEvery: 3));
        for (var count = 0; count < 10; count++)
            await Count(store, "host-1");

        for (var version = 1; version <= 10; version++)
        {
            var host = await store.AggregateStream<TestHost>("host-1", version, Stop);
            Assert.Equal(Enumerable.Range(0, version), host!.Counts);
        }

        Assert.Null(await store.AggregateStream<TestHost>("host-1", 0, Stop));
    }

    [Fact]
    public async Task A_long_stream_has_the_same_state_with_snapshots_and_is_not_folded_from_its_beginning()
    {
        const int length = 57;
        var plain = await NewStore(new TestOptions().Build(snapshotEvery: 1000));
        var store = await NewStore(Options.Build(snapshotEvery: 10, schema: "snapshots"));
        foreach (var target in new[] { plain, store })
            for (var place = 0; place < length; place++)
            {
                await using var session = target.OpenSession();
                var stream = await session.FetchForWriting<TestHost>("host-1", Stop);
                stream.Append([Happening(place)]);
                await session.SaveChanges(Stop);
            }

        var folded = Options.Evolved;
        var host = await Elsewhere(store).AggregateStream<TestHost>("host-1", null, Stop);

        Assert.Equal(7, Options.Evolved - folded);
        var expected = await plain.AggregateStream<TestHost>("host-1", null, Stop);
        Assert.Equal(expected!.Counts, host!.Counts);
        Assert.Equal(expected.Physical, host.Physical);
        Assert.Equal(
            expected.Holders.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            host.Holders.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    private static HostHappening Happening(int place) => (place % 4) switch
    {
        0 => new FunctionAdded($"virtual-{place}", Kind.Virtual),
        1 => new FunctionTaken($"virtual-{place - 1}", new Guid(place, 0, 0, new byte[8])),
        2 => new FunctionAdded($"physical-{place}", Kind.Physical),
        _ => new Counted(place),
    };
}
