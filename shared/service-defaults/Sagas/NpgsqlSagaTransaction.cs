using Npgsql;
using NpgsqlTypes;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// One consumed message on one connection: a round trip to begin and read, a round trip to write and commit.
/// </summary>
internal sealed class NpgsqlSagaTransaction(SagaSql sql, InboxKey message, SagaKey saga) : ISagaTransaction
{
    // The facts that say somebody was faster. Any other violation is a bug, and is thrown.
    private static readonly string[] Races =
        ["saga_once_per_id", "saga_version_as_read", "message_consumed_once"];

    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;

    public bool IsConsumed { get; private set; }

    public IReadOnlyList<OutboxMessage> Owed { get; private set; } = [];

    public StoredSaga? Saga { get; private set; }

    public async Task Begin(NpgsqlDataSource database, CancellationToken stop)
    {
        connection = await database.OpenConnectionAsync(stop);
        transaction = await connection.BeginTransactionAsync(stop);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // The saga first: a copy of the message that waited for the lock then sees the first one's
                // inbox row.
                new(sql.LockSaga) { Parameters = { CorrelationId, SagaType } },
                new(sql.ReadInbox) { Parameters = { MessageId, ConsumerId } },
            },
        };
        await using (var rows = await batch.ExecuteReaderAsync(stop))
        {
            if (await rows.ReadAsync(stop))
                Saga = new(saga.CorrelationId, rows.GetInt64(0), rows.GetString(1));
            await rows.NextResultAsync(stop);
            await ReadInbox(rows, stop);
        }
        // Nothing will be written: others need not wait while the rest is delivered.
        if (IsConsumed)
            await DisposeAsync();
    }

    public async Task<bool> Commit(
        SagaChange? change, IReadOnlyList<OutboxMessage> sent, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (change is not null)
            batch.BatchCommands.Add(change.ExpectedVersion == 0 ? Insert(change) : Update(change));
        batch.BatchCommands.Add(new(sql.InsertInbox) { Parameters = { MessageId, ConsumerId } });
        if (sent.Count > 0)
            batch.BatchCommands.Add(Keep(sent));
        batch.BatchCommands.Add(new("commit"));
        try
        {
            await batch.ExecuteNonQueryAsync(stop);
            return true;
        }
        catch (PostgresException e) when (Races.Contains(e.ConstraintName))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Rolls back what was not committed; the pool does it when the connection comes back.
        if (transaction is not null)
            await transaction.DisposeAsync();
        if (connection is not null)
            await connection.DisposeAsync();
        (transaction, connection) = (null, null);
    }

    private NpgsqlParameter MessageId => new() { Value = message.MessageId };

    private NpgsqlParameter ConsumerId => new() { Value = message.ConsumerId };

    private NpgsqlParameter CorrelationId => new() { Value = saga.CorrelationId };

    private NpgsqlParameter SagaType => new() { Value = saga.Type };

    private async Task ReadInbox(NpgsqlDataReader rows, CancellationToken stop)
    {
        var owed = new List<OutboxMessage>();
        while (await rows.ReadAsync(stop))
        {
            IsConsumed = true;
            if (!await rows.IsDBNullAsync(0, stop))
                owed.Add(OutboxMessage.FromJson(rows.GetString(0)));
        }
        Owed = owed;
    }

    private NpgsqlBatchCommand Insert(SagaChange change) => new(sql.InsertSaga)
    {
        Parameters =
        {
            CorrelationId,
            SagaType,
            Data(change),
            After(change),
        },
    };

    private NpgsqlBatchCommand Update(SagaChange change) => new(sql.UpdateSaga)
    {
        Parameters =
        {
            CorrelationId,
            SagaType,
            new() { Value = change.ExpectedVersion },
            Data(change),
            new() { Value = change.Due.Keep },
            After(change),
        },
    };

    private NpgsqlBatchCommand Keep(IReadOnlyList<OutboxMessage> sent) => new(sql.InsertOutbox)
    {
        Parameters =
        {
            MessageId,
            ConsumerId,
            new() { Value = sent.Select(m => m.ToJson()).ToArray() },
        },
    };

    private static NpgsqlParameter Data(SagaChange change) =>
        new() { Value = change.Data, NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlParameter After(SagaChange change) => new()
    {
        Value = change.Due.After is { } after ? after : DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.Interval,
    };
}
