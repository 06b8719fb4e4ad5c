using System.Text.Json;

namespace Platform.EventStore;

/// <summary>
/// The tables of the store in memory, as JSON: nothing read is shared with what was written. One lock for
/// all; what is done under it is a transaction.
/// </summary>
internal sealed class MemoryTables(TimeProvider time, EventStoreOptions options) : IStreamStorage
{
    private readonly EventTypes types = new(options);
    private readonly Dictionary<string, StreamRow> streams = [];
    private readonly List<EventRow> log = [];
    private readonly Dictionary<(string Name, string Id), string> views = [];
    private readonly Dictionary<string, long> positions = [];

    /// <summary>Held by whoever does several things as one transaction.</summary>
    public Lock Gate { get; } = new();

    public AppendSignal Appended { get; } = new();

    public Task<FetchedStream> Fetch(string key, StreamKind kind, CancellationToken stop) =>
        Task.FromResult(Fold(key, kind, upTo: null));

    /// <summary>
    /// The stream's state, up to a version; with its snapshot only when all of it is asked for.
    /// </summary>
    public FetchedStream Fold(string key, StreamKind kind, long? upTo)
    {
        lock (Gate)
        {
            var stream = streams.GetValueOrDefault(key);
            var (from, state) = stream?.Snapshot is { } body && upTo is null
                ? (stream.SnapshotVersion, JsonSerializer.Deserialize(body, kind.StateType, options.Json)!)
                : (0, kind.Empty);
            var count = (upTo ?? int.MaxValue) - from;
            var events = (stream?.Events ?? []).Skip((int)from).Take((int)count).ToList();
            return new(
                from + events.Count,
                events.Aggregate(
                    state, (folded, row) => kind.Evolve(folded, types.Read(row.Alias, row.Body))),
                from,
                time.GetUtcNow());
        }
    }

    public Task Commit(IReadOnlyList<StreamWrite> writes, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        lock (Gate)
        {
            // All that may be refused comes before the first change.
            foreach (var write in writes)
                if (write.Expected is { } expected && expected != VersionOf(write.Key))
                    throw write.Conflict();
            var bodies = writes.Select(write => write.Events.Select(types.Write).ToList()).ToList();
            foreach (var (write, events) in writes.Zip(bodies))
                Append(write, events);
            foreach (var view in writes.SelectMany(write => write.Views))
                WriteView(view.View.Name, view.View.ViewType, view.Id, view.Data);
        }

        Appended.Raise();
        return Task.CompletedTask;
    }

    public IReadOnlyList<StoredEvent> ReadStream(string key, long fromVersion)
    {
        lock (Gate)
            return streams.TryGetValue(key, out var stream)
                ? [.. stream.Events.Where(row => row.Version >= fromVersion).Select(Read)]
                : [];
    }

    public LogPage ReadLog(long after, int limit)
    {
        lock (Gate)
        {
            // Numbers are dense here: an event's place is its number.
            var events = log.Skip((int)after).Take(limit).Select(Read).ToList();
            return new(events, after + events.Count);
        }
    }

    public IReadOnlyList<string> Keys(StreamKind kind)
    {
        lock (Gate)
            return [.. streams.Where(stream => stream.Value.Kind == kind).Select(stream => stream.Key)];
    }

    public object? LoadView(string name, Type type, string id)
    {
        lock (Gate)
            return views.TryGetValue((name, id), out var body)
                ? JsonSerializer.Deserialize(body, type, options.Json) : null;
    }

    public IReadOnlyList<TView> LoadViews<TView>(string name)
    {
        lock (Gate)
            return
            [
                .. views.Where(view => view.Key.Name == name)
                    .OrderBy(view => view.Key.Id, StringComparer.Ordinal)
                    .Select(view => JsonSerializer.Deserialize<TView>(view.Value, options.Json)!),
            ];
    }

    public void WriteView(string name, Type type, string id, object? data)
    {
        lock (Gate)
        {
            if (data is null)
                views.Remove((name, id));
            else
                views[(name, id)] = JsonSerializer.Serialize(data, type, options.Json);
        }
    }

    public void DeleteViews(string name)
    {
        lock (Gate)
            foreach (var key in views.Keys.Where(key => key.Name == name).ToList())
                views.Remove(key);
    }

    public long Position(string name)
    {
        lock (Gate)
            return positions.GetValueOrDefault(name);
    }

    public void Move(string name, long to)
    {
        lock (Gate)
            positions[name] = to;
    }

    private long VersionOf(string key) => streams.GetValueOrDefault(key)?.Events.Count ?? 0;

    private void Append(StreamWrite write, IReadOnlyList<StoredBody> bodies)
    {
        if (!streams.TryGetValue(write.Key, out var stream))
            streams.Add(write.Key, stream = new(write.Kind));
        foreach (var body in bodies)
        {
            var row = new EventRow(
                log.Count + 1, Guid.CreateVersion7(), write.Key, stream.Events.Count + 1,
                body.Alias, body.Json, time.GetUtcNow());
            stream.Events.Add(row);
            log.Add(row);
        }

        if (write.Snapshot is { } state)
            (stream.Snapshot, stream.SnapshotVersion) =
                (JsonSerializer.Serialize(state, write.Kind.StateType, options.Json), stream.Events.Count);
    }

    private StoredEvent Read(EventRow row) =>
        new(row.Sequence, row.Id, row.Key, row.Version, types.Read(row.Alias, row.Body), row.Timestamp);

    private sealed class StreamRow(StreamKind kind)
    {
        public StreamKind Kind => kind;

        public List<EventRow> Events { get; } = [];

        public string? Snapshot { get; set; }

        public long SnapshotVersion { get; set; }
    }

    private sealed record EventRow(
        long Sequence,
        Guid Id,
        string Key,
        long Version,
        string Alias,
        string Body,
        DateTimeOffset Timestamp);
}
