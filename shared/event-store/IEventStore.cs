namespace Platform.EventStore;

/// <summary>
/// Streams of events in Marten's tables and with Marten's rules. Two makers: PostgreSQL, and a twin in memory
/// for the embedded mode. One contract suite (tests/Integration/EventStore) holds both to the same behaviour.
/// </summary>
public interface IEventStore
{
    /// <summary>
    /// A unit of work: what is started and appended in it is committed by one <c>SaveChanges</c>.
    /// </summary>
    IEventSession OpenSession();

    /// <summary>The events of a stream, oldest first; empty when there is none.</summary>
    Task<IReadOnlyList<StoredEvent>> FetchStream(string key, long fromVersion, CancellationToken stop);

    /// <summary>
    /// The stream folded, up to and with <paramref name="version"/> when given; null when there is none.
    /// </summary>
    Task<TState?> AggregateStream<TState>(string key, long? version, CancellationToken stop)
        where TState : class;

    /// <summary>One view kept by an inline or catch-up projection; null when there is none.</summary>
    Task<TView?> LoadView<TView>(string id, CancellationToken stop) where TView : class;

    /// <summary>Every view of a kind, ordered by id.</summary>
    Task<IReadOnlyList<TView>> LoadViews<TView>(CancellationToken stop) where TView : class;

    /// <summary>
    /// Events of all streams after a position, in sequence, up to the high-water mark: what lies below it is
    /// committed or never will be, so a reader that goes on from <see cref="LogPage.Position"/> skips
    /// nothing.
    /// </summary>
    Task<LogPage> ReadLog(long after, int limit, CancellationToken stop);

    /// <summary>Follows the log under a name from where that name left off; one process at a time.</summary>
    /// <remarks>
    /// <paramref name="handle"/> runs for each batch in turn; the position moves when it has returned, so a
    /// batch may come again after a crash. Runs until stopped; a process that is not the active one waits to
    /// become it.
    /// </remarks>
    Task Follow(
        string name,
        Func<IReadOnlyList<StoredEvent>, CancellationToken, Task> handle,
        CancellationToken stop);

    /// <summary>
    /// Runs a task in one process at a time: whoever holds the named lock. Returns when stopped.
    /// </summary>
    /// <remarks>
    /// The token given to <paramref name="run"/> is cancelled when the lock is lost. A run that fails, or
    /// lost its lock, is run again; one that returns is done.
    /// </remarks>
    Task RunExclusively(string name, Func<CancellationToken, Task> run, CancellationToken stop);

    /// <summary>
    /// Keeps the catch-up views up to date until stopped; each is kept by one process at a time.
    /// </summary>
    Task RunCatchUpViews(CancellationToken stop);

    /// <summary>
    /// Makes a view anew from the events, after its projection changed; the old one is read until then.
    /// </summary>
    Task RebuildView(string name, CancellationToken stop);

    /// <summary>The store's clock: the database's, or the injected one in memory.</summary>
    Task<DateTimeOffset> Now(CancellationToken stop);
}

/// <summary>Marten's session verbs. Not for use by two threads at once.</summary>
public interface IEventSession : IAsyncDisposable
{
    /// <summary>
    /// Begins a stream. <c>SaveChanges</c> throws <see cref="StreamExistsException"/> when there is one
    /// already.
    /// </summary>
    void StartStream<TState>(string key, IReadOnlyList<object> events) where TState : class;

    /// <summary>Appends whatever the stream's version is.</summary>
    void Append<TState>(string key, IReadOnlyList<object> events) where TState : class;

    /// <summary>Appends after <paramref name="expectedVersion"/> (0: no stream yet).
    /// <c>SaveChanges</c> throws <see cref="StreamConflictException"/> when another came first.</summary>
    void Append<TState>(string key, long expectedVersion, IReadOnlyList<object> events) where TState : class;

    /// <summary>
    /// The stream's state to decide on, its version, and the store's time, in one round trip.
    /// </summary>
    Task<IEventStream<TState>> FetchForWriting<TState>(string key, CancellationToken stop)
        where TState : class;

    /// <summary>
    /// Commits everything of the session in one transaction and one round trip, inline projections with it.
    /// </summary>
    Task SaveChanges(CancellationToken stop);
}

/// <summary>A stream fetched for writing.</summary>
public interface IEventStream<TState> where TState : class
{
    string Key { get; }

    /// <summary>0 when there is no stream yet; its state is then the registered empty state.</summary>
    long Version { get; }

    TState State { get; }

    /// <summary>The store's time when the stream was fetched.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Appends after <see cref="Version"/> when the session is saved.</summary>
    void Append(IReadOnlyList<object> events);
}

/// <summary>An event as it was stored.</summary>
/// <param name="Sequence">Its place among the events of all streams; has gaps.</param>
/// <param name="Version">Its place in its stream, from 1.</param>
public sealed record StoredEvent(
    long Sequence, Guid Id, string StreamKey, long Version, object Data, DateTimeOffset Timestamp);

/// <summary>A page of the log.</summary>
/// <param name="Position">Where to read on: past everything looked at, gaps included.</param>
public sealed record LogPage(IReadOnlyList<StoredEvent> Events, long Position);

/// <summary>Another writer came first. Fetch again, and decide again.</summary>
public sealed class StreamConflictException(string key, long expected, Exception? cause = null)
    : Exception($"Stream {key} is not at version {expected} any more: fetch it and decide again.", cause)
{
    public string Key { get; } = key;
}

/// <summary>The stream to start is there already.</summary>
public sealed class StreamExistsException(string key, Exception? cause = null)
    : Exception($"Stream {key} exists already: append to it, or start another.", cause);

/// <summary>The stream was archived: nothing may happen to it any more.</summary>
public sealed class StreamArchivedException(string key, Exception? cause = null)
    : Exception($"Stream {key} is archived and takes no more events: write to another stream.", cause);
