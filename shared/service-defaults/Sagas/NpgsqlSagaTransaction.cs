using Npgsql;
using NpgsqlTypes;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// One consumed message: a statement that reads, and a statement that writes all or nothing, each a
/// transaction of its own. Nothing is locked in between: the write holds only on the version that was read,
/// and only for a message that nobody has consumed meanwhile.
/// </summary>
internal sealed class NpgsqlSagaTransaction(
    NpgsqlDataSource database, SagaSql sql, InboxKey message, SagaKey saga, Turns.Turn turn)
    : ISagaTransaction
{
    // The facts that say somebody was faster. Any other violation is a bug, and is thrown.
    private static readonly string[] Races =
        ["saga_once_per_id", "saga_version_as_read", "message_consumed_once", "hold_within_limit"];

    public bool IsConsumed { get; private set; }

    public IReadOnlyList<OutboxMessage> Owed { get; private set; } = [];

    public StoredSaga? Saga { get; private set; }

    public async Task Begin(CancellationToken stop)
    {
        await using var command = database.CreateCommand(sql.ReadSaga);
        Add(command.Parameters, saga.CorrelationId);
        Add(command.Parameters, saga.Type);
        Add(command.Parameters, message.MessageId);
        Add(command.Parameters, message.ConsumerId);
        await using (var row = await command.ExecuteReaderAsync(stop))
        {
            await row.ReadAsync(stop);
            if (!await row.IsDBNullAsync(0, stop))
                Saga = new(saga.CorrelationId, row.GetInt64(0), row.GetString(1));
            IsConsumed = row.GetBoolean(2);
            if (IsConsumed)
                Owed = [.. row.GetFieldValue<string[]>(3).Select(OutboxMessage.FromJson)];
        }

        // Nothing will be written: others need not wait while the rest is delivered. And a saga that has not
        // begun is nobody's yet: the commit finds out who begins it.
        if (IsConsumed || Saga is null)
            turn.Dispose();
    }

    public async Task<bool> Commit(
        SagaChange? change, IReadOnlyList<OutboxMessage> sent, CancellationToken stop)
    {
        // Without a transaction of its own a batch is one: all of it holds, or nothing.
        await using var batch = database.CreateBatch();
        var command = new NpgsqlBatchCommand(change switch
        {
            null => sql.Consume,
            { ExpectedVersion: 0 } => sql.InsertSaga,
            _ => sql.UpdateSaga,
        });
        batch.BatchCommands.Add(command);
        Add(command.Parameters, message.MessageId);
        Add(command.Parameters, message.ConsumerId);
        Add(command.Parameters, sent.Select(m => m.ToJson()).ToArray());
        if (change is not null)
            Add(command.Parameters, change);
        if (change?.Hold is { } hold)
            batch.BatchCommands.Add(Update(hold));
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

    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private NpgsqlBatchCommand Update(HoldChange hold)
    {
        var command = new NpgsqlBatchCommand(sql.UpdateHold);
        Add(command.Parameters, hold.Key);
        Add(command.Parameters, hold.More);
        Add(command.Parameters, hold.Limit);
        return command;
    }

    private void Add(NpgsqlParameterCollection parameters, SagaChange change)
    {
        Add(parameters, saga.CorrelationId);
        Add(parameters, saga.Type);
        parameters.Add(new NpgsqlParameter<string>
        {
            TypedValue = change.Data,
            NpgsqlDbType = NpgsqlDbType.Json,
        });
        if (change.ExpectedVersion > 0)
        {
            Add(parameters, change.ExpectedVersion);
            Add(parameters, change.Due.Keep);
        }

        parameters.Add(new()
        {
            Value = change.Due.After is { } after ? after : DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.Interval,
        });
    }

    private static void Add<T>(NpgsqlParameterCollection parameters, T value) =>
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
