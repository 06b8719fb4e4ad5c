using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using NpgsqlTypes;

namespace Platform.EventStore;

/// <summary>
/// Streams in <c>mt_streams</c> and <c>mt_events</c>: fetched and committed in one round trip each. What was
/// fetched is remembered, so that the next fetch reads only what was appended since.
/// </summary>
internal sealed class PostgresStreams(
    NpgsqlDataSource database, Sql sql, EventStoreOptions options, EventTypes types)
    : IStreamStorage, IDisposable
{
    private const string Conflict = "MT001";
    private const string Archived = "MT002";
    private const string EventOncePerVersion = "pk_mt_events_stream_and_version";

    private readonly MemoryCache remembered = new(new MemoryCacheOptions
    {
        SizeLimit = options.RememberedStreams,
    });

    public async Task<FetchedStream> Fetch(string key, StreamKind kind, CancellationToken stop)
    {
        var known = remembered.Get<FetchedStream>((kind.Type, key));
        // What is remembered is not there when the database is another: restored, or a replica that was late.
        var fetched = await Fold(key, kind, kind.Revision, long.MaxValue, known, stop)
            ?? await Fold(key, kind, kind.Revision, long.MaxValue, known: null, stop);
        if (fetched!.LastEvent is not null)
            remembered.Set((kind.Type, key), fetched, new MemoryCacheEntryOptions { Size = 1 });
        return fetched;
    }

    /// <summary>The stream as it was at a version, folded from its first event.</summary>
    public async Task<FetchedStream> FetchAt(
        string key, StreamKind kind, long version, CancellationToken stop) =>
        (await Fold(key, kind, revision: -1, version, known: null, stop))!;

    public async Task Commit(IReadOnlyList<StreamWrite> writes, CancellationToken stop)
    {
        await using var batch = database.CreateBatch();
        foreach (var write in writes)
            batch.BatchCommands.Add(AppendCommand(write));
        foreach (var view in writes.SelectMany(write => write.Views))
            batch.BatchCommands.Add(ViewCommand(view));
        try
        {
            await batch.ExecuteNonQueryAsync(stop);
        }
        catch (PostgresException refused) when (
            refused.SqlState is Conflict or Archived || refused.ConstraintName == EventOncePerVersion)
        {
            // The unique index names no stream; it guards against writers that are not ours.
            var write = writes.FirstOrDefault(write => write.Key == refused.Hint) ?? writes[0];
            throw refused.SqlState == Archived
                ? new StreamArchivedException(write.Key, refused)
                : write.Conflict(refused);
        }
    }

    public void Dispose() => remembered.Dispose();

    // Null when what is known is not how the stream began.
    private async Task<FetchedStream?> Fold(
        string key, StreamKind kind, int revision, long upTo, FetchedStream? known, CancellationToken stop)
    {
        await using var command = sql.Command(
            database, "fetch_stream", Sql.Value(key), Sql.Value(revision), Sql.Value(upTo),
            Sql.Value(known?.Version ?? 0));
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var now = reader.GetFieldValue<DateTimeOffset>(6);
        Guid? lastEvent = await reader.IsDBNullAsync(4, stop) ? null : reader.GetGuid(4);
        var snapshotVersion = await reader.IsDBNullAsync(5, stop) ? 0 : reader.GetInt64(5);
        if (known is not null && lastEvent != known.LastEvent)
            return null;
        var (version, state) = (known?.Version ?? 0, known?.State ?? kind.Empty);
        if (!await reader.IsDBNullAsync(2, stop))
        {
            state = JsonSerializer.Deserialize(reader.GetString(2), kind.StateType, options.Json)!;
            (version, lastEvent) = (snapshotVersion, null);
        }

        while (await reader.ReadAsync(stop))
        {
            state = kind.Evolve(state, types.Read(reader.GetString(3), reader.GetString(2)));
            (version, lastEvent) = (reader.GetInt64(1), reader.GetGuid(4));
        }

        return new(version, state, snapshotVersion, now, lastEvent);
    }

    private NpgsqlBatchCommand AppendCommand(StreamWrite write)
    {
        var bodies = write.Events.Select(types.Write).ToList();
        return sql.BatchCommand(
            "append_events",
            Sql.Value(write.Key),
            Sql.Value(write.Kind.Type),
            Sql.Nullable(write.Expected, NpgsqlDbType.Bigint),
            Sql.Value(bodies.Select(_ => Guid.CreateVersion7()).ToArray()),
            Sql.Value(bodies.Select(body => body.Alias).ToArray()),
            Sql.Value(bodies.Select(body => body.DotNetType).ToArray()),
            Sql.Nullable(bodies.Select(body => body.Json).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb),
            Sql.Json(write.Snapshot is { } state ? SnapshotJson(write.Kind, state) : null));
    }

    private NpgsqlBatchCommand ViewCommand(ViewWrite view) => view.Data is null
        ? sql.BatchCommand("delete_view", Sql.Value(view.View.Name), Sql.Value(view.Id))
        : sql.BatchCommand(
            "upsert_view",
            Sql.Value(view.View.Name),
            Sql.Value(view.Id),
            Sql.Value(view.Version),
            Sql.Json(JsonSerializer.Serialize(view.Data, view.View.ViewType, options.Json)));

    private string SnapshotJson(StreamKind kind, object state)
    {
        var body = JsonSerializer.Serialize(state, kind.StateType, options.Json);
        return $$"""{"revision":{{kind.Revision}},"state":{{body}}}""";
    }
}
