namespace Platform.EventStore;

/// <summary>Hands the log to a named reader, batch by batch, from where that name left off.</summary>
internal sealed class LogReader(
    PostgresLog log, Progression progression, AppendSignal appended, EventStoreOptions options)
{
    /// <param name="apply">Applies a batch and moves the position, from and to the given ones.</param>
    public async Task Run(
        string name, Func<IReadOnlyList<StoredEvent>, long, long, Task> apply, CancellationToken stop)
    {
        var position = await progression.Load(name, stop);
        // Runs ahead of the position over numbers that were never committed: nothing is stored for those.
        var seen = position;
        while (true)
        {
            var more = appended.Next;
            var page = await log.Read(seen, options.BatchSize, stop);
            seen = page.Position;
            if (page.Events.Count > 0)
            {
                await apply(page.Events, position, seen);
                position = seen;
                // A look and a move cost a commit each: while others append, they shall be for many events.
                if (page.Events.Count < options.BatchSize)
                    await Task.Delay(options.PollInterval, stop);
            }
            else
            {
                await Task.WhenAny(more, Task.Delay(options.PollInterval, stop));
                stop.ThrowIfCancellationRequested();
            }
        }
    }
}
