using System.Text.Json;
using Npgsql;

namespace Platform.EventStore;

/// <summary>Views in <c>mt_view</c>: read, kept behind the log, and made anew.</summary>
internal sealed class PostgresViews(NpgsqlDataSource database, Sql sql, EventStoreOptions options)
{
    public async Task<TView?> Load<TView>(string id, CancellationToken stop) where TView : class
    {
        await using var command = sql.Command(
            database, "load_view", Sql.Value(options.ViewName(typeof(TView))), Sql.Value(id));
        return await command.ExecuteScalarAsync(stop) is string body
            ? JsonSerializer.Deserialize<TView>(body, options.Json)
            : null;
    }

    public async Task<IReadOnlyList<TView>> LoadAll<TView>(CancellationToken stop) where TView : class
    {
        await using var command = sql.Command(
            database, "load_views", Sql.Value(options.ViewName(typeof(TView))));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var views = new List<TView>();
        while (await reader.ReadAsync(stop))
            views.Add(JsonSerializer.Deserialize<TView>(reader.GetString(0), options.Json)!);
        return views;
    }

    /// <summary>Some views of a name, for the connection's transaction to change.</summary>
    public async Task<Dictionary<string, object?>> Load(
        NpgsqlConnection connection, CatchUpView view, IEnumerable<string> ids, CancellationToken stop)
    {
        await using var command = sql.Command(
            connection, "load_named_views", Sql.Value(view.Name), Sql.Value(ids.ToArray()));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var views = new Dictionary<string, object?>();
        while (await reader.ReadAsync(stop))
            views[reader.GetString(0)] = JsonSerializer.Deserialize(
                reader.GetString(1), view.ViewType, options.Json);
        return views;
    }

    /// <summary>Writes views in the connection's transaction; null deletes one.</summary>
    public async Task Write(
        NpgsqlConnection connection,
        string name,
        Type type,
        IEnumerable<ViewRow> rows,
        CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (id, version, data) in rows)
            batch.BatchCommands.Add(data is null
                ? sql.BatchCommand("delete_view", Sql.Value(name), Sql.Value(id))
                : sql.BatchCommand(
                    "upsert_view",
                    Sql.Value(name), Sql.Value(id), Sql.Value(version),
                    Sql.Json(JsonSerializer.Serialize(data, type, options.Json))));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(stop);
    }

    public async Task DeleteAll(NpgsqlConnection connection, string name, CancellationToken stop)
    {
        await using var command = sql.Command(connection, "delete_views", Sql.Value(name));
        await command.ExecuteNonQueryAsync(stop);
    }
}

/// <summary>
/// A view to write. Its version is its stream's, or for a view of many streams the number of its last event.
/// </summary>
internal sealed record ViewRow(string Id, long Version, object? Data);
