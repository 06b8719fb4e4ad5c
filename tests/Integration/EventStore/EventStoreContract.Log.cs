using System.Collections.Concurrent;
using Platform.EventStore;
using Platform.Support;

namespace Platform.Integration.EventStore;

public abstract partial class EventStoreContract
{
    [Fact]
    public async Task The_log_is_read_page_by_page_in_the_order_of_its_numbers()
    {
        var store = await NewStore(Options.Build());
        for (var place = 0; place < 7; place++)
            await Append(store, $"host-{place % 3}", new Counted(place));

        var read = new List<StoredEvent>();
        await Eventually.True("the log is read", async () =>
        {
            var page = await store.ReadLog(read.Count == 0 ? 0 : read[^1].Sequence, 3, Stop);
            Assert.InRange(page.Events.Count, 0, 3);
            Assert.True(page.Events.Count == 0 || page.Position >= page.Events[^1].Sequence);
            read.AddRange(page.Events);
            return read.Count >= 7;
        }, Stop);

        Assert.Equal(Enumerable.Range(0, 7), read.Select(e => ((Counted)e.Data).Seen));
        Assert.Empty((await store.ReadLog(read[^1].Sequence, 3, Stop)).Events);
    }

    [Fact, Trait("invariant", "2")]
    public async Task Readers_of_the_log_neither_skip_nor_repeat_while_eight_write()
    {
        const int writers = 8, rounds = 25;
        var store = await NewStore(Options.Build());
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var followed = new ConcurrentQueue<StoredEvent>();
        var following = Elsewhere(store).Follow("reader", (events, _) =>
        {
            foreach (var happened in events)
                followed.Enqueue(happened);
            return Task.CompletedTask;
        }, enough.Token);
        var paging = ReadPages(store, writers * rounds * 2);

        // Every second session is refused after it drew numbers, so the log has dead gaps.
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < rounds; round++)
            {
                await Append(store, $"host-{writer}", new Counted(round), new Counted(round));
                await using var refused = store.OpenSession();
                refused.Append<Tally>($"another-{writer}", [new Counted(-1)]);
                refused.Append<Tally>("tally", 5, [new Counted(-1)]);
                await Assert.ThrowsAsync<StreamConflictException>(() => refused.SaveChanges(Stop));
            }
        })));
        await Eventually.True(
            "the follower has all", () => followed.Count >= writers * rounds * 2, Stop);
        await enough.CancelAsync();
        await following;

        foreach (var read in new[] { [.. followed], await paging })
        {
            Assert.Equal(read.Select(e => e.Sequence).Distinct().Order(), read.Select(e => e.Sequence));
            Assert.Equal(writers * rounds * 2, read.Count);
            foreach (var stream in read.GroupBy(e => e.StreamKey))
                Assert.Equal(
                    Enumerable.Range(1, rounds * 2).Select(v => (long)v), stream.Select(e => e.Version));
        }
    }

    [Fact]
    public async Task A_follower_goes_on_from_where_its_name_left_off()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new Counted(0), new Counted(1));
        Assert.Equal([0, 1], await FollowUntil(store, "reader", last: 1));

        await Append(store, "host-1", new Counted(2), new Counted(3));

        Assert.Equal([2, 3], await FollowUntil(store, "reader", last: 3));
        Assert.Equal([0, 1, 2, 3], await FollowUntil(store, "another", last: 3));
    }

    [Fact, Trait("invariant", "2")]
    public async Task A_batch_whose_handler_failed_comes_again()
    {
        var store = await NewStore(Options.Build());
        await Append(store, "host-1", new Counted(0));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var batches = new ConcurrentQueue<int>();

        var following = store.Follow("reader", (events, _) =>
        {
            batches.Enqueue(events.Count);
            return batches.Count < 3 ? throw new IOException("The broker is away.") : Task.CompletedTask;
        }, enough.Token);
        await Eventually.True("the batch came three times", () => batches.Count == 3, Stop);
        await Append(store, "host-1", new Counted(1), new Counted(2));
        await Eventually.True("the next batch came", () => batches.Count == 4, Stop);
        await enough.CancelAsync();
        await following;

        Assert.Equal([1, 1, 1, 2], batches);
    }

    [Fact]
    public async Task What_runs_exclusively_runs_once_at_a_time_and_another_takes_over()
    {
        var store = await NewStore(Options.Build());
        using var first = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var second = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = new ConcurrentDictionary<string, bool>();
        var most = 0;
        Task Run(IEventStore on, string who, CancellationToken by) => on.RunExclusively("x", async held =>
        {
            running[who] = true;
            most = Math.Max(most, running.Count);
            try
            {
                await Task.Delay(Timeout.Infinite, held);
            }
            finally
            {
                running.Remove(who, out _);
            }
        }, by);

        var one = Run(store, "one", first.Token);
        await Eventually.True("the first runs", () => running.ContainsKey("one"), Stop);
        var two = Run(Elsewhere(store), "two", second.Token);
        await first.CancelAsync();
        await one;
        await Eventually.True("the second took over", () => running.ContainsKey("two"), Stop);
        await second.CancelAsync();
        await two;

        Assert.Equal(1, most);
    }

    protected static async Task<List<int>> FollowUntil(IEventStore store, string name, int last)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var counts = new ConcurrentQueue<int>();
        var following = store.Follow(name, (events, _) =>
        {
            foreach (var happened in events)
                counts.Enqueue(((Counted)happened.Data).Seen);
            return Task.CompletedTask;
        }, enough.Token);
        await Eventually.True($"{name} has {last}", () => counts.Contains(last), Stop);
        await enough.CancelAsync();
        await following;
        return [.. counts];
    }

    private static async Task<List<StoredEvent>> ReadPages(IEventStore store, int count)
    {
        var (read, position) = (new List<StoredEvent>(), 0L);
        await Eventually.True($"{count} events are read", async () =>
        {
            var page = await store.ReadLog(position, 7, Stop);
            read.AddRange(page.Events);
            position = page.Position;
            return read.Count >= count;
        }, Stop);
        return read;
    }
}
