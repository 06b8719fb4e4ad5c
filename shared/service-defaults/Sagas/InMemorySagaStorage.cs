namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// Sagas of the embedded mode. State is kept serialised, never by reference, so what a failed behaviour
/// changed is gone with it; a saga is given to one message at a time; a commit applies all or nothing.
/// </summary>
public sealed class InMemorySagaStorage(TimeProvider clock) : ISagaStorage
{
    private readonly Turns turns = new();
    private readonly Lock gate = new();
    private readonly Dictionary<SagaKey, Row> sagas = [];
    private readonly Dictionary<InboxKey, Inbox> inbox = [];
    private readonly Dictionary<string, int> holds = [];
    private long created;

    public async Task<ISagaTransaction> Begin(InboxKey message, SagaKey saga, CancellationToken stop)
    {
        var turn = await turns.Take(saga, stop);
        lock (gate)
        {
            var consumed = inbox.GetValueOrDefault(message);
            return new Transaction(this, message, saga, turn)
            {
                IsConsumed = consumed is not null,
                Owed = consumed is null ? [] : [.. consumed.Owed.Select(OutboxMessage.FromJson)],
                Saga = sagas.GetValueOrDefault(saga)?.Stored,
            };
        }
    }

    public Task MarkDelivered(IReadOnlyList<InboxKey> messages, CancellationToken stop)
    {
        lock (gate)
        {
            foreach (var message in messages)
            {
                if (inbox.TryGetValue(message, out var consumed))
                    inbox[message] = consumed with { Owed = [] };
            }
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<OwedMessage>> TakeOwed(TimeSpan age, int limit, CancellationToken stop)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var taken = inbox.Where(i => i.Value.Owed.Count > 0 && i.Value.Taken <= now - age)
                .OrderBy(i => i.Value.Taken).Take(limit).ToList();
            foreach (var (key, consumed) in taken)
                inbox[key] = consumed with { Taken = now };
            var owed = taken.SelectMany(i => i.Value.Owed,
                (i, json) => new OwedMessage(i.Key, OutboxMessage.FromJson(json)));
            return Task.FromResult<IReadOnlyList<OwedMessage>>([.. owed]);
        }
    }

    public Task<IReadOnlyList<StoredSaga>> TakeDue(
        string sagaType, TimeSpan again, int limit, CancellationToken stop)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var due = sagas.Where(s => s.Key.Type == sagaType && s.Value.Due <= now)
                .OrderBy(s => s.Value.Due).Take(limit).ToList();
            foreach (var (key, row) in due)
                sagas[key] = row with { Due = now + again };
            return Task.FromResult<IReadOnlyList<StoredSaga>>([.. due.Select(s => s.Value.Stored)]);
        }
    }

    public Task<int> ForgetConsumed(TimeSpan retention, int limit, CancellationToken stop)
    {
        lock (gate)
        {
            var limitOfAge = clock.GetUtcNow() - retention;
            var old = inbox.Where(i => i.Value.Owed.Count == 0 && i.Value.Consumed < limitOfAge)
                .Select(i => i.Key).Take(limit).ToList();
            old.ForEach(key => inbox.Remove(key));
            return Task.FromResult(old.Count);
        }
    }

    public Task<StoredSaga?> Load(SagaKey saga, CancellationToken stop)
    {
        lock (gate)
            return Task.FromResult(sagas.GetValueOrDefault(saga)?.Stored);
    }

    public Task<int> Held(string key, CancellationToken stop)
    {
        lock (gate)
            return Task.FromResult(holds.GetValueOrDefault(key));
    }

    public Task<IReadOnlyList<StoredSaga>> List(
        string sagaType, int limit, Guid? after, CancellationToken stop)
    {
        lock (gate)
        {
            var before = after is { } id
                ? sagas.GetValueOrDefault(new(sagaType, id))?.Created ?? 0
                : long.MaxValue;
            return Task.FromResult<IReadOnlyList<StoredSaga>>(
                [.. sagas.Where(s => s.Key.Type == sagaType && s.Value.Created < before)
                    .OrderByDescending(s => s.Value.Created).Take(limit).Select(s => s.Value.Stored)]);
        }
    }

    private bool Apply(InboxKey message, SagaKey saga, SagaChange? change, IReadOnlyList<OutboxMessage> sent)
    {
        lock (gate)
        {
            var row = sagas.GetValueOrDefault(saga);
            var isStale = change is not null && change.ExpectedVersion != (row?.Stored.Version ?? 0);
            var now = clock.GetUtcNow();
            if (change?.Hold is { More: > 0 } hold
                && holds.GetValueOrDefault(hold.Key) + hold.More > hold.Limit)
                return false;
            if (isStale || !inbox.TryAdd(message, new(now, now, [.. sent.Select(m => m.ToJson())])))
                return false;
            if (change is null)
                return true;
            if (change.Hold is { } changed)
                holds[changed.Key] = Math.Max(holds.GetValueOrDefault(changed.Key) + changed.More, 0);
            sagas[saga] = new(
                new(saga.CorrelationId, change.ExpectedVersion + 1, change.Data),
                row?.Created ?? ++created,
                change.Due.Keep ? row?.Due : now + change.Due.After);
            return true;
        }
    }

    private sealed record Row(StoredSaga Stored, long Created, DateTimeOffset? Due);

    private sealed record Inbox(DateTimeOffset Consumed, DateTimeOffset Taken, IReadOnlyList<string> Owed);

    private sealed class Transaction(
        InMemorySagaStorage storage, InboxKey message, SagaKey saga, Turns.Turn turn)
        : ISagaTransaction
    {
        public required bool IsConsumed { get; init; }

        public required IReadOnlyList<OutboxMessage> Owed { get; init; }

        public required StoredSaga? Saga { get; init; }

        public Task<bool> Commit(
            SagaChange? change, IReadOnlyList<OutboxMessage> sent, CancellationToken stop)
        {
            stop.ThrowIfCancellationRequested();
            return Task.FromResult(storage.Apply(message, saga, change, sent));
        }

        public ValueTask DisposeAsync()
        {
            turn.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
