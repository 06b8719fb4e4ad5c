namespace Platform.EventStore;

/// <summary>What a session needs of the tables, real or in memory.</summary>
internal interface IStreamStorage
{
    /// <summary>The stream's state and version at one moment, and the time.</summary>
    Task<FetchedStream> Fetch(string key, StreamKind kind, CancellationToken stop);

    /// <summary>All or nothing. Throws the exceptions of <see cref="IEventSession"/>.</summary>
    Task Commit(IReadOnlyList<StreamWrite> writes, CancellationToken stop);
}

/// <summary>
/// A stream as it was read. <paramref name="SnapshotVersion"/> is 0 when it has no usable snapshot.
/// </summary>
/// <param name="LastEvent">The id of its last event; null when that was not read.</param>
internal sealed record FetchedStream(
    long Version, object State, long SnapshotVersion, DateTimeOffset Now, Guid? LastEvent = null);

/// <summary>What is to be written to one stream.</summary>
/// <param name="Expected">Null for any version; 0 for a stream that is not there yet.</param>
/// <param name="Snapshot">The state after the events, when it is time to keep it.</param>
internal sealed record StreamWrite(
    string Key,
    StreamKind Kind,
    long? Expected,
    bool Starts,
    IReadOnlyList<object> Events,
    object? Snapshot,
    IReadOnlyList<ViewWrite> Views)
{
    /// <summary>The answer to a writer whose expectation did not hold.</summary>
    public Exception Conflict(Exception? cause = null) =>
        Starts
            ? new StreamExistsException(Key, cause)
            : new StreamConflictException(Key, Expected ?? 0, cause);
}

/// <summary>An inline view after the append; a null <paramref name="Data"/> deletes it.</summary>
internal sealed record ViewWrite(InlineView View, string Id, long Version, object? Data);
