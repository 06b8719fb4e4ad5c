using Npgsql;

namespace Platform.EventStore;

/// <summary>Makes an inline view anew, one stream after another; appends go on meanwhile.</summary>
internal sealed class InlineRebuild(
    NpgsqlDataSource database,
    Sql sql,
    EventStoreOptions options,
    PostgresStreams streams,
    PostgresViews views)
{
    public async Task Run(InlineView view, CancellationToken stop)
    {
        var kind = options.KindOf(view.StateType);
        var last = "";
        while (await Keys(kind, last, stop) is { Count: > 0 } keys)
        {
            foreach (var key in keys)
                while (!await TryRebuild(view, kind, key, stop))
                {
                    // An append came in between: the stream is read again.
                }

            last = keys[^1];
        }
    }

    private async Task<bool> TryRebuild(InlineView view, StreamKind kind, string key, CancellationToken stop)
    {
        var stream = await streams.Fetch(key, kind, stop);
        if (stream.Version == 0)
            return true;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var hold = sql.Command(
            connection, "lock_stream", Sql.Value(key), Sql.Value(stream.Version));
        if (await hold.ExecuteScalarAsync(stop) is null)
            return false;
        var row = new ViewRow(key, stream.Version, view.Project(key, stream.State, stream.Version));
        // Deleted first: the new one has the version of the old.
        await views.Write(connection, view.Name, view.ViewType, [row with { Data = null }, row], stop);
        await transaction.CommitAsync(stop);
        return true;
    }

    private async Task<IReadOnlyList<string>> Keys(StreamKind kind, string after, CancellationToken stop)
    {
        await using var command = sql.Command(
            database, "stream_keys", Sql.Value(kind.Type), Sql.Value(after));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var keys = new List<string>();
        while (await reader.ReadAsync(stop))
            keys.Add(reader.GetString(0));
        return keys;
    }
}
