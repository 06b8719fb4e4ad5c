namespace Platform.EventStore;

/// <summary>
/// The unit of work of both stores: collects appends, projects them, and commits them together.
/// </summary>
internal sealed class EventSession(EventStoreOptions options, IStreamStorage storage) : IEventSession
{
    // Sorted, so that two sessions writing the same streams lock them in the same order.
    private readonly SortedDictionary<string, PendingStream> pending = new(StringComparer.Ordinal);

    public void StartStream<TState>(string key, IReadOnlyList<object> events) where TState : class
    {
        if (events.Count == 0)
            throw new ArgumentException($"Stream {key} cannot be started with no events.", nameof(events));
        if (pending.ContainsKey(key))
            throw new InvalidOperationException(
                $"Stream {key} was appended to in this session: it cannot start after that.");
        Add<TState>(key, expected: 0, events).Starts = true;
    }

    public void Append<TState>(string key, IReadOnlyList<object> events) where TState : class
    {
        if (events.Count == 0)
            return;
        if (pending.TryGetValue(key, out var stream))
            stream.Events.AddRange(events);
        else
            Add<TState>(key, expected: null, events);
    }

    public void Append<TState>(string key, long expectedVersion, IReadOnlyList<object> events)
        where TState : class
    {
        if (events.Count == 0)
            return;
        if (!pending.TryGetValue(key, out var stream))
            Add<TState>(key, expectedVersion, events);
        else if (stream.Expected == expectedVersion
            || stream.Expected + stream.Events.Count == expectedVersion)
            stream.Events.AddRange(events);
        else
            throw new InvalidOperationException(
                $"Stream {key} is appended to after version {stream.Expected?.ToString() ?? "any"} in this "
                + $"session: {expectedVersion} cannot be expected too.");
    }

    public async Task<IEventStream<TState>> FetchForWriting<TState>(string key, CancellationToken stop)
        where TState : class =>
        new EventStream<TState>(this, key, await storage.Fetch(key, options.KindOf(typeof(TState)), stop));

    public async Task SaveChanges(CancellationToken stop)
    {
        if (pending.Count == 0)
            return;
        while (true)
        {
            var writes = new List<StreamWrite>(pending.Count);
            foreach (var (key, stream) in pending)
                writes.Add(await Project(key, stream, stop));
            try
            {
                await storage.Commit(writes, stop);
                break;
            }
            catch (StreamConflictException conflict) when (MayRetry(conflict.Key))
            {
                // Only the views needed its version; the caller did not ask for one.
                pending[conflict.Key].Fetched = null;
            }
        }

        pending.Clear();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal void AppendAfter<TState>(string key, FetchedStream fetched, IReadOnlyList<object> events)
        where TState : class
    {
        Append<TState>(key, fetched.Version, events);
        if (pending.TryGetValue(key, out var stream))
            stream.Fetched = fetched;
    }

    private PendingStream Add<TState>(string key, long? expected, IReadOnlyList<object> events) =>
        pending[key] = new(options.KindOf(typeof(TState)), expected, [.. events]);

    private bool MayRetry(string key) => pending[key].Expected is null;

    private async Task<StreamWrite> Project(string key, PendingStream stream, CancellationToken stop)
    {
        var views = options.InlineViews.Where(view => view.StateType == stream.Kind.StateType).ToList();
        if (stream.Fetched is null && views.Count > 0)
            stream.Fetched = await Fetch(key, stream, stop);
        if (stream.Fetched is not { } before)
            return new(
                key, stream.Kind, stream.Expected, stream.Starts, stream.Events, Snapshot: null, Views: []);

        var version = before.Version + stream.Events.Count;
        var snapshotDue = version - before.SnapshotVersion >= stream.Kind.SnapshotEvery;
        var after = snapshotDue || views.Count > 0
            ? stream.Events.Aggregate(before.State, stream.Kind.Evolve)
            : before.State;
        return new(
            key, stream.Kind, stream.Expected ?? before.Version, stream.Starts, stream.Events,
            snapshotDue ? after : null,
            [.. views.Select(view => new ViewWrite(view, key, version, view.Project(key, after, version)))]);
    }

    private async Task<FetchedStream> Fetch(string key, PendingStream stream, CancellationToken stop)
    {
        // A stream that must not be there yet has nothing to fetch.
        if (stream.Expected == 0)
            return new(0, stream.Kind.Empty, 0, default);
        var fetched = await storage.Fetch(key, stream.Kind, stop);
        return stream.Expected is { } expected && expected != fetched.Version
            ? throw new StreamConflictException(key, expected)
            : fetched;
    }

    private sealed class PendingStream(StreamKind kind, long? expected, List<object> events)
    {
        public StreamKind Kind => kind;

        public long? Expected => expected;

        public List<object> Events => events;

        public bool Starts { get; set; }

        public FetchedStream? Fetched { get; set; }
    }
}

/// <summary>A fetched stream whose appends go to its session.</summary>
internal sealed class EventStream<TState>(EventSession session, string key, FetchedStream fetched)
    : IEventStream<TState> where TState : class
{
    public string Key => key;

    public long Version => fetched.Version;

    public TState State => (TState)fetched.State;

    public DateTimeOffset Now => fetched.Now;

    public void Append(IReadOnlyList<object> events) => session.AppendAfter<TState>(key, fetched, events);
}
