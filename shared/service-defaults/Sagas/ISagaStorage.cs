namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// Where sagas, the messages they consumed and the messages they owe are kept. Two makers: PostgreSQL, and a
/// twin in memory for the embedded mode; one suite (tests/Integration/Sagas) holds both to the same
/// behaviour.
/// </summary>
public interface ISagaStorage : ISagaHolds
{
    /// <summary>
    /// Opens the transaction of one consumed message. Until it ends, nobody else in this process gets its
    /// saga; who gets it in another one meanwhile is found out by the commit.
    /// </summary>
    Task<ISagaTransaction> Begin(InboxKey message, SagaKey saga, CancellationToken stop);

    /// <summary>Notes that everything these messages owed has been confirmed by the broker.</summary>
    Task MarkDelivered(IReadOnlyList<InboxKey> messages, CancellationToken stop);

    /// <summary>
    /// Messages owed for longer than <paramref name="age"/>, oldest first: their consumer gave up between
    /// commit and delivery. A message taken is given to nobody else for another <paramref name="age"/>.
    /// </summary>
    Task<IReadOnlyList<OwedMessage>> TakeOwed(TimeSpan age, int limit, CancellationToken stop);

    /// <summary>
    /// Sagas whose deadline has passed. A saga taken is due again after <paramref name="again"/>, until a
    /// save changes its deadline: a deadline message may be lost, a deadline is not.
    /// </summary>
    Task<IReadOnlyList<StoredSaga>> TakeDue(
        string sagaType, TimeSpan again, int limit, CancellationToken stop);

    /// <summary>
    /// Forgets messages consumed more than <paramref name="retention"/> ago that owe nothing. Returns how
    /// many; at most
    /// <paramref name="limit"/>.
    /// </summary>
    Task<int> ForgetConsumed(TimeSpan retention, int limit, CancellationToken stop);

    /// <summary>A saga as last committed, without locking it; null when there is none.</summary>
    Task<StoredSaga?> Load(SagaKey saga, CancellationToken stop);

    /// <summary>
    /// Sagas of a type, newest first, after the saga <paramref name="after"/> when it is given.
    /// </summary>
    Task<IReadOnlyList<StoredSaga>> List(string sagaType, int limit, Guid? after, CancellationToken stop);
}

/// <summary>
/// One consumed message's transaction: the saga's row, the inbox row and the outbox rows are written together
/// or not at all. Disposed without <see cref="Commit"/>, it leaves no trace.
/// </summary>
public interface ISagaTransaction : IAsyncDisposable
{
    /// <summary>The message was consumed before: it must not be again.</summary>
    bool IsConsumed { get; }

    /// <summary>What a message consumed before still owes.</summary>
    IReadOnlyList<OutboxMessage> Owed { get; }

    /// <summary>The saga as read; null when there is none.</summary>
    StoredSaga? Saga { get; }

    /// <summary>
    /// Writes all and commits. False: somebody was faster (inserted the saga, moved it, consumed the message,
    /// or holds what this one wanted to), and nothing was written; the message is to be consumed again, on
    /// the state that is there now.
    /// </summary>
    Task<bool> Commit(SagaChange? change, IReadOnlyList<OutboxMessage> sent, CancellationToken stop);
}

/// <summary>A message and who consumes it: each consumer of a message has an inbox row of its own.</summary>
public readonly record struct InboxKey(Guid MessageId, Guid ConsumerId);

/// <summary>A saga's identity.</summary>
public readonly record struct SagaKey(string Type, Guid CorrelationId);

/// <summary>A saga as stored: its JSON, and the version that a write must find again.</summary>
public sealed record StoredSaga(Guid CorrelationId, long Version, string Data);

/// <summary>A saga's new state. <paramref name="ExpectedVersion"/> 0 inserts it.</summary>
public sealed record SagaChange(long ExpectedVersion, string Data, DueChange Due, HoldChange? Hold = null);

/// <summary>What becomes of the time at which a saga's deadline fires.</summary>
/// <param name="Keep">It stays as it is.</param>
/// <param name="After">Otherwise: that long from now, or never when null.</param>
public readonly record struct DueChange(bool Keep, TimeSpan? After)
{
    public static DueChange Of(SagaDeadline? before, SagaDeadline? after) =>
        new(before == after, after?.After);
}

/// <summary>An outbox message, and the consumed message that owes it.</summary>
public sealed record OwedMessage(InboxKey Owner, OutboxMessage Message);
