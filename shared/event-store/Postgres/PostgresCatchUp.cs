using Npgsql;

namespace Platform.EventStore;

/// <summary>Keeps catch-up views: their rows and their position in the log commit together.</summary>
internal sealed class PostgresCatchUp(
    NpgsqlDataSource database,
    PostgresLog log,
    LogReader reader,
    Progression progression,
    PostgresViews views)
{
    private const int PageSize = 1000;

    /// <summary>Follows the log until stopped.</summary>
    public Task Run(CatchUpView view, CancellationToken stop) =>
        reader.Run(view.Name, (events, from, to) => Apply(view, events, from, to, stop), stop);

    /// <summary>
    /// Folds the whole log aside, then replaces views and position at once: readers see the old view until
    /// then, and whoever keeps it goes on from the new position.
    /// </summary>
    public async Task Rebuild(CatchUpView view, CancellationToken stop)
    {
        var mark = await log.MarkPastNow(stop);
        var folded = new Dictionary<string, object?>();
        var rows = new Dictionary<string, ViewRow>();
        var position = 0L;
        while (position < mark)
        {
            var page = await log.Read(position, PageSize, stop);
            foreach (var row in CatchUp.Apply(view, page.Events, folded))
                rows[row.Id] = row;
            position = page.Position;
        }

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await progression.Set(connection, view.Name, position, stop);
        await views.DeleteAll(connection, view.Name, stop);
        await views.Write(connection, view.Name, view.ViewType, rows.Values, stop);
        await transaction.CommitAsync(stop);
    }

    private async Task Apply(
        CatchUpView view, IReadOnlyList<StoredEvent> events, long from, long to, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await progression.Move(connection, view.Name, from, to, stop);
        var known = await views.Load(connection, view, CatchUp.Ids(view, events), stop);
        await views.Write(connection, view.Name, view.ViewType, CatchUp.Apply(view, events, known), stop);
        await transaction.CommitAsync(stop);
    }
}
