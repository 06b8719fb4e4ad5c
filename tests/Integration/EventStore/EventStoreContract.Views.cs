using Platform.EventStore;
using Platform.Support;

namespace Platform.Integration.EventStore;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task An_inline_view_is_written_with_the_append_and_deleted_with_it()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-2", new FunctionAdded("a", Kind.Virtual));
        await Append(
            store, "host-1", new FunctionAdded("a", Kind.Virtual), new FunctionAdded("b", Kind.Virtual));
        Assert.Equal(new("host-1", 2, 2), await store.LoadView<HostSize>("host-1", Stop));

        await Append(store, "host-1", new FunctionAdded("c", Kind.Virtual));
        Assert.Equal(
            [new HostSize("host-1", 3, 3), new HostSize("host-2", 1, 1)],
            await store.LoadViews<HostSize>(Stop));

        await Append(store, "host-1", new HostClosed());
        Assert.Null(await store.LoadView<HostSize>("host-1", Stop));
        Assert.Equal([new HostSize("host-2", 1, 1)], await store.LoadViews<HostSize>(Stop));
    }

    [Fact, Trait("invariant", "1")]
    public async Task An_inline_view_stays_as_it_was_when_its_append_is_refused()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new FunctionAdded("a", Kind.Virtual));
        await using var late = store.OpenSession();
        var stream = await late.FetchForWriting<TestHost>("host-1", Stop);
        stream.Append([new FunctionAdded("b", Kind.Virtual), new FunctionAdded("c", Kind.Virtual)]);
        await Append(store, "host-1", new FunctionAdded("d", Kind.Virtual));

        await Assert.ThrowsAsync<StreamConflictException>(() => late.SaveChanges(Stop));

        Assert.Equal(new("host-1", 2, 2), await store.LoadView<HostSize>("host-1", Stop));
    }

    [Fact]
    public async Task An_inline_view_follows_appends_that_name_no_version_through_every_race()
    {
        var store = await NewStore(Options.Build(snapshotEvery: 5));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(place => Task.Run(() =>
            Append(store, "host-1", new FunctionAdded($"function-{place}", Kind.Virtual)))));

        Assert.Equal(new("host-1", 16, 16), await store.LoadView<HostSize>("host-1", Stop));
    }

    [Fact]
    public async Task A_catch_up_view_takes_every_event_once_though_two_processes_keep_it_and_one_dies()
    {
        const int writers = 4, rounds = 25;
        var store = await NewStore(Options.Build());
        using var first = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var second = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var one = store.RunCatchUpViews(first.Token);
        var two = Elsewhere(store).RunCatchUpViews(second.Token);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < rounds; round++)
                await Append(
                    store, $"host-{writer}", new Counted(round), new FunctionAdded($"{round}", Kind.Virtual));
        })));
        await Eventually.True(
            "a part is kept", async () => await TotalCount(store) > 10, Stop);

        await first.CancelAsync();
        await Task.WhenAll(one, writing);
        await Eventually.True(
            "all is kept",
            async () => await TotalCount(store) >= writers * rounds,
            Stop);
        await second.CancelAsync();
        await two;

        var views = await store.LoadViews<CountOfHost>(Stop);
        Assert.Equal(["host-0", "host-1", "host-2", "host-3"], views.Select(view => view.Host));
        Assert.All(views, view => Assert.Equal(rounds, view.Count));
    }

    [Fact]
    public async Task A_view_made_anew_is_the_same_and_is_kept_from_there_on()
    {
        var store = await NewStore(Options.Build());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var keeping = store.RunCatchUpViews(enough.Token);
        for (var place = 0; place < 60; place++)
            await Append(
                store, $"host-{place % 3}", new Counted(place), new FunctionAdded($"{place}", Kind.Virtual));
        await Eventually.True("all is kept", () => CountIs(store, "host-0", 20), Stop);
        await Eventually.True("all is kept", () => CountIs(store, "host-2", 20), Stop);
        var before = await AllViews(store);

        await store.RebuildView("count_of_host", Stop);
        await store.RebuildView("host_size", Stop);

        Assert.Equal(before, await AllViews(store));
        await Append(store, "host-0", new Counted(60));
        await Eventually.True("the next is kept too", () => CountIs(store, "host-0", 21), Stop);
        await enough.CancelAsync();
        await keeping;
    }

    [Fact]
    public async Task A_view_made_anew_is_as_its_changed_projection_says()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new FunctionAdded("a", Kind.Virtual), new Counted(0), new Counted(1));
        await Append(store, "host-2", new FunctionAdded("a", Kind.Virtual), new HostClosed());
        Options.Factor = 10;

        await store.RebuildView("count_of_host", Stop);
        await store.RebuildView("host_size", Stop);

        Assert.Equal([new HostSize("host-1", 10, 3)], await store.LoadViews<HostSize>(Stop));
        Assert.Equal(20, (await store.LoadView<CountOfHost>("host-1", Stop))!.Count);
    }

    [Fact]
    public async Task A_view_that_is_not_there_is_refused_by_name()
    {
        var store = await NewStore(Options.Build());

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.RebuildView("host_sise", Stop));

        Assert.Contains("host_sise", error.Message, StringComparison.Ordinal);
        Assert.Contains("host_size, count_of_host", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AllViews(IEventStore store) =>
        Json(await store.LoadViews<CountOfHost>(Stop)) + Json(await store.LoadViews<HostSize>(Stop));

    private static async Task<int> TotalCount(IEventStore store) =>
        (await store.LoadViews<CountOfHost>(Stop)).Sum(view => view.Count);

    private static async Task<bool> CountIs(IEventStore store, string key, int count) =>
        (await store.LoadView<CountOfHost>(key, Stop))?.Count == count;
}
