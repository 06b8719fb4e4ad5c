using Npgsql;
using NpgsqlTypes;

namespace Platform.EventStore;

/// <summary>
/// The events of all streams in sequence, up to the high-water mark. Numbers are drawn before commit, so
/// commits come out of order; a mark S is safe once every transaction that was running when S was the last
/// number has ended.
/// </summary>
/// <remarks>
/// An append writes <c>mt_streams</c> before it draws, so whoever drew a number up to S had a transaction id
/// before we took ours, X: when no older one than X runs, what is at or below S is committed, or never will
/// be.
/// </remarks>
internal sealed class PostgresLog(NpgsqlDataSource database, Sql sql, EventTypes types)
{
    private const int Rounds = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private long safe;
    private Mark? awaited;

    /// <summary>A page after a position; the mark is moved on as far as can be without waiting.</summary>
    public async Task<LogPage> Read(long after, int limit, CancellationToken stop)
    {
        var mark = await HighWaterMark(stop);
        if (mark <= after)
            return new([], after);
        await using var command = sql.Command(
            database, "read_log", Sql.Value(after), Sql.Value(mark), Sql.Value(limit));
        var events = await ReadEvents(command, stop);
        return new(events, events.Count == limit ? events[^1].Sequence : mark);
    }

    public async Task<IReadOnlyList<StoredEvent>> ReadStream(
        string key, long fromVersion, CancellationToken stop)
    {
        await using var command = sql.Command(
            database, "read_events", Sql.Value(key), Sql.Value(fromVersion));
        return await ReadEvents(command, stop);
    }

    /// <summary>A mark past everything that is committed now; waits for older transactions.</summary>
    public async Task<long> MarkPastNow(CancellationToken stop)
    {
        var last = await LastNumber(stop);
        long mark;
        while ((mark = await HighWaterMark(stop)) < last)
            await Task.Delay(Pause, stop);
        return mark;
    }

    private async Task<long> HighWaterMark(CancellationToken stop)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (known, mark) = Known();
            // An idle log costs one look at the sequence, and no transaction id.
            if (mark is null && await LastNumber(stop) <= known)
                break;
            mark ??= Await(await NextMark(stop));
            if (!await IsSettled(mark.Transaction, stop))
                break;
            Settle(mark);
        }

        return Known().Safe;
    }

    private (long Safe, Mark? Awaited) Known()
    {
        lock (gate)
            return (safe, awaited);
    }

    /// <summary>Of two marks taken at once the first is awaited: either will do.</summary>
    private Mark Await(Mark mark)
    {
        lock (gate)
            return awaited ??= mark;
    }

    private void Settle(Mark mark)
    {
        lock (gate)
        {
            safe = Math.Max(safe, mark.Number);
            awaited = awaited == mark ? null : awaited;
        }
    }

    private async Task<long> LastNumber(CancellationToken stop)
    {
        await using var command = sql.Command(database, "last_number");
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>First the number, then the transaction's id: the order is what makes the mark safe.</summary>
    private async Task<Mark> NextMark(CancellationToken stop)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(sql.BatchCommand("last_number"));
        batch.BatchCommands.Add(sql.BatchCommand("transaction_id"));
        await using var reader = await batch.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        var number = reader.GetInt64(0);
        await reader.NextResultAsync(stop);
        await reader.ReadAsync(stop);
        return new(number, reader.GetFieldValue<ulong>(0));
    }

    private async Task<bool> IsSettled(ulong transaction, CancellationToken stop)
    {
        await using var command = sql.Command(
            database,
            "is_settled",
            new NpgsqlParameter { Value = transaction, NpgsqlDbType = NpgsqlDbType.Xid8 });
        return (bool)(await command.ExecuteScalarAsync(stop))!;
    }

    private async Task<IReadOnlyList<StoredEvent>> ReadEvents(NpgsqlCommand command, CancellationToken stop)
    {
        var events = new List<StoredEvent>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            events.Add(new(
                reader.GetInt64(0),
                reader.GetGuid(1),
                reader.GetString(2),
                reader.GetInt64(3),
                types.Read(reader.GetString(5), reader.GetString(4)),
                reader.GetFieldValue<DateTimeOffset>(6)));
        return events;
    }

    /// <summary>The last number drawn when the transaction began.</summary>
    private sealed record Mark(long Number, ulong Transaction);
}
