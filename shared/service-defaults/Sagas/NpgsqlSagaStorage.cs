using System.Data;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// Sagas in PostgreSQL. A consumed message costs two statements and one synchronous commit: read; then write
/// all. What follows the broker's confirms is written in batches, without waiting for the disk.
/// </summary>
public sealed partial class NpgsqlSagaStorage : ISagaStorage
{
    // The lock's name: one process at a time makes the tables.
    private const long TablesLock = 0x706c_6174_7361_6761;

    private const int SettledAtOnce = 1000;

    private readonly NpgsqlDataSource database;
    private readonly string schema;
    private readonly SagaSql sql;
    private readonly Turns turns = new();

    public NpgsqlSagaStorage(NpgsqlDataSource database, string schema)
    {
        if (!PlainName().IsMatch(schema))
        {
            throw new ArgumentException(
                $"'{schema}' is not a schema name: use lower-case letters, digits and underscores.",
                nameof(schema));
        }
        (this.database, this.schema, sql) = (database, schema, new SagaSql(schema));
    }

    /// <summary>
    /// Makes the schema and its tables where they are missing. Any number of processes may do it at once.
    /// </summary>
    public async Task CreateTables(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await Execute(connection, $"select pg_advisory_xact_lock({TablesLock})", stop);
        // "create schema if not exists" asks for the right to create even when there is nothing to create.
        if (await Scalar(connection, $"select to_regnamespace('{schema}') is null", stop) is true)
            await Execute(connection, $"create schema {schema}", stop);
        foreach (var table in sql.Tables)
            await Execute(connection, table, stop);
        await transaction.CommitAsync(stop);
    }

    public async Task<ISagaTransaction> Begin(InboxKey message, SagaKey saga, CancellationToken stop)
    {
        var transaction = new NpgsqlSagaTransaction(
            database, sql, message, saga, await turns.Take(saga, stop));
        try
        {
            await transaction.Begin(stop);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    public async Task MarkDelivered(IReadOnlyList<InboxKey> messages, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // A crash loses the note and the messages are sent again: whoever gets them has seen them.
                new("set local synchronous_commit = off"),
                new(sql.DeleteOutbox)
                {
                    Parameters =
                    {
                        new() { Value = messages.Select(m => m.MessageId).ToArray() },
                        new() { Value = messages.Select(m => m.ConsumerId).ToArray() },
                    },
                },
                new("commit"),
            },
        };
        await batch.ExecuteNonQueryAsync(stop);
    }

    public Task<IReadOnlyList<OwedMessage>> TakeOwed(
        TimeSpan age, int limit, CancellationToken stop) => Query(
        sql.TakeOwed,
        [new() { Value = age }, new() { Value = limit }],
        row => new OwedMessage(new(row.GetGuid(0), row.GetGuid(1)), OutboxMessage.FromJson(row.GetString(2))),
        stop);

    public async Task<IReadOnlyList<StoredSaga>> TakeDue(
        string sagaType, TimeSpan again, int limit, CancellationToken stop)
    {
        await using (var settle = database.CreateCommand(sql.SettleDue))
        {
            settle.Parameters.Add(new() { Value = sagaType });
            settle.Parameters.Add(new() { Value = SettledAtOnce });
            await settle.ExecuteNonQueryAsync(stop);
        }

        return await Query(
            sql.TakeDue,
            [new() { Value = sagaType }, new() { Value = again }, new() { Value = limit }],
            Saga,
            stop);
    }

    public async Task<int> ForgetConsumed(TimeSpan retention, int limit, CancellationToken stop)
    {
        await using var command = database.CreateCommand(sql.DeleteInbox);
        command.Parameters.Add(new() { Value = retention });
        command.Parameters.Add(new() { Value = limit });
        return await command.ExecuteNonQueryAsync(stop);
    }

    public async Task<StoredSaga?> Load(SagaKey saga, CancellationToken stop)
    {
        var found = await Query(
            sql.LoadSaga, [new() { Value = saga.CorrelationId }, new() { Value = saga.Type }], Saga, stop);
        return found.SingleOrDefault();
    }

    public async Task<int> Held(string key, CancellationToken stop)
    {
        var found = await Query(sql.ReadHold, [new() { Value = key }], row => row.GetInt32(0), stop);
        return found.SingleOrDefault();
    }

    public Task<IReadOnlyList<StoredSaga>> List(
        string sagaType, int limit, Guid? after, CancellationToken stop) => Query(
        sql.ListSagas,
        [
            new() { Value = sagaType },
            new() { Value = limit },
            new() { Value = after is { } id ? id : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
        ],
        Saga,
        stop);

    private static StoredSaga Saga(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetInt64(1), row.GetString(2));

    private static async Task Execute(NpgsqlConnection connection, string text, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    private static async Task<object?> Scalar(
        NpgsqlConnection connection, string text, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(text, connection);
        return await command.ExecuteScalarAsync(stop);
    }

    private async Task<IReadOnlyList<T>> Query<T>(
        string text, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken stop)
    {
        await using var command = database.CreateCommand(text);
        command.Parameters.AddRange(parameters);
        await using var rows = await command.ExecuteReaderAsync(stop);
        var found = new List<T>();
        while (await rows.ReadAsync(stop))
            found.Add(read(rows));
        return found;
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex PlainName();
}
