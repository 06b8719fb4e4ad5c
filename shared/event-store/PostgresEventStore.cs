using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Platform.EventStore;

/// <summary>
/// Streams in PostgreSQL, in Marten's tables. Safe to use from many threads and processes at once.
/// </summary>
/// <remarks>Give the data source automatic preparation ("Max Auto Prepare"): each statement is one of a
/// few.</remarks>
public sealed class PostgresEventStore : IEventStore, IDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly EventStoreOptions options;
    private readonly Sql sql;
    private readonly AppendSignal appended = new();
    private readonly PostgresStreams streams;
    private readonly PostgresLog log;
    private readonly PostgresViews views;
    private readonly Progression progression;
    private readonly LogReader reader;
    private readonly PostgresCatchUp catchUp;
    private readonly SessionLock locks;

    public PostgresEventStore(NpgsqlDataSource database, EventStoreOptions options, ILogger? logger = null)
    {
        (this.database, this.options) = (database, options);
        var types = new EventTypes(options);
        sql = new(options.Schema);
        streams = new(database, sql, options, types);
        log = new(database, sql, types);
        views = new(database, sql, options);
        progression = new(database, sql);
        reader = new(log, progression, appended, options);
        catchUp = new(database, log, reader, progression, views);
        locks = new(database, sql, options, logger ?? NullLogger.Instance);
    }

    /// <summary>
    /// Creates what is missing of schema, tables and functions; several processes may do so at once.
    /// </summary>
    public async Task EnsureSchema(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var hold = sql.Command(connection, "lock_schema", Sql.Value($"{options.Schema}.tables"));
        await hold.ExecuteNonQueryAsync(stop);
        await using var tables = sql.Command(connection, "tables");
        await tables.ExecuteNonQueryAsync(stop);
        await using var function = sql.Command(connection, "append_function");
        await function.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
    }

    public void Dispose() => streams.Dispose();

    public IEventSession OpenSession() => new EventSession(options, new Signalling(streams, appended));

    public Task<IReadOnlyList<StoredEvent>> FetchStream(
        string key, long fromVersion, CancellationToken stop) =>
        log.ReadStream(key, fromVersion, stop);

    public async Task<TState?> AggregateStream<TState>(string key, long? version, CancellationToken stop)
        where TState : class
    {
        var kind = options.KindOf(typeof(TState));
        var stream = version is { } wanted
            ? await streams.FetchAt(key, kind, wanted, stop)
            : await streams.Fetch(key, kind, stop);
        return stream.Version == 0 ? null : (TState)stream.State;
    }

    public Task<TView?> LoadView<TView>(string id, CancellationToken stop) where TView : class =>
        views.Load<TView>(id, stop);

    public Task<IReadOnlyList<TView>> LoadViews<TView>(CancellationToken stop) where TView : class =>
        views.LoadAll<TView>(stop);

    public Task<LogPage> ReadLog(long after, int limit, CancellationToken stop) =>
        log.Read(after, limit, stop);

    public Task Follow(
        string name,
        Func<IReadOnlyList<StoredEvent>, CancellationToken, Task> handle,
        CancellationToken stop) =>
        locks.Run($"follow.{name}", held => reader.Run(name, async (events, from, to) =>
        {
            await handle(events, held);
            // Handled is handled, even when it is time to stop.
            await progression.Move(name, from, to, CancellationToken.None);
        }, held), stop);

    public Task RunExclusively(string name, Func<CancellationToken, Task> run, CancellationToken stop) =>
        locks.Run($"run.{name}", run, stop);

    public Task RunCatchUpViews(CancellationToken stop) => Task.WhenAll(options.CatchUpViews.Select(view =>
        locks.Run($"view.{view.Name}", held => catchUp.Run(view, held), stop)));

    public Task RebuildView(string name, CancellationToken stop)
    {
        if (options.CatchUpViews.FirstOrDefault(view => view.Name == name) is { } behind)
            return catchUp.Rebuild(behind, stop);
        if (options.InlineViews.FirstOrDefault(view => view.Name == name) is { } inline)
            return new InlineRebuild(database, sql, options, streams, views).Run(inline, stop);
        throw options.NoSuchView(name);
    }

    public async Task<DateTimeOffset> Now(CancellationToken stop)
    {
        await using var command = sql.Command(database, "now");
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }

    /// <summary>Wakes this process's readers after each commit.</summary>
    private sealed class Signalling(PostgresStreams streams, AppendSignal appended) : IStreamStorage
    {
        public Task<FetchedStream> Fetch(string key, StreamKind kind, CancellationToken stop) =>
            streams.Fetch(key, kind, stop);

        public async Task Commit(IReadOnlyList<StreamWrite> writes, CancellationToken stop)
        {
            await streams.Commit(writes, stop);
            appended.Raise();
        }
    }
}
