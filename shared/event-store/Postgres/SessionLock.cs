using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.EventStore;

/// <summary>
/// One process at a time, by an advisory lock that lives as long as its connection. The connection is asked
/// again and again whether it lives; when it does not, the work is cancelled, because another may have begun
/// it by then.
/// </summary>
internal sealed class SessionLock(NpgsqlDataSource database, Sql sql, EventStoreOptions options, ILogger log)
{
    private const int AnswerSeconds = 5;

    public Task Run(string name, Func<CancellationToken, Task> run, CancellationToken stop) =>
        Retry.UntilDone(
            name, () => TryRun($"{options.Schema}.{name}", run, stop), options.LockInterval, log, stop);

    /// <summary>False when another has the lock, or when it was lost on the way.</summary>
    private async Task<bool> TryRun(string name, Func<CancellationToken, Task> run, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var take = sql.Command(connection, "try_lock", Sql.Value(name));
        take.CommandTimeout = AnswerSeconds;
        if (!(bool)(await take.ExecuteScalarAsync(stop))!)
            return false;

        using var held = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var done = new CancellationTokenSource();
        var watching = Watch(connection, held, done.Token);
        try
        {
            await run(held.Token);
            return !held.IsCancellationRequested || stop.IsCancellationRequested;
        }
        finally
        {
            await done.CancelAsync();
            await watching;
            await Unlock(connection, name);
        }
    }

    private async Task Watch(
        NpgsqlConnection connection, CancellationTokenSource held, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.LockInterval, done);
                await using var alive = sql.Command(connection, "now");
                alive.CommandTimeout = AnswerSeconds;
                await alive.ExecuteScalarAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The work is over.
        }
        catch (NpgsqlException)
        {
            await held.CancelAsync();
        }
    }

    /// <summary>A pooled connection outlives its use: it must not take the lock along.</summary>
    private async Task Unlock(NpgsqlConnection connection, string name)
    {
        try
        {
            await using var give = sql.Command(connection, "unlock", Sql.Value(name));
            give.CommandTimeout = AnswerSeconds;
            await give.ExecuteScalarAsync(CancellationToken.None);
        }
        catch (Exception lost) when (lost is NpgsqlException or InvalidOperationException)
        {
            // Gone with its lock, or silent: then it must not come back from the pool with the lock.
            NpgsqlConnection.ClearPool(connection);
        }
    }
}
