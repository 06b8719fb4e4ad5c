using Npgsql;

namespace Platform.EventStore;

/// <summary>Where the named readers of the log are: <c>mt_event_progression</c>.</summary>
internal sealed class Progression(NpgsqlDataSource database, Sql sql)
{
    public async Task<long> Load(string name, CancellationToken stop)
    {
        await using var command = sql.Command(database, "start_progression", Sql.Value(name));
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    public async Task Move(string name, long from, long to, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await Move(connection, name, from, to, stop);
    }

    /// <summary>
    /// Moves within the connection's transaction; fails when another reads under the same name.
    /// </summary>
    public async Task Move(
        NpgsqlConnection connection, string name, long from, long to, CancellationToken stop)
    {
        await using var command = sql.Command(
            connection, "move_progression", Sql.Value(name), Sql.Value(from), Sql.Value(to));
        if (await command.ExecuteNonQueryAsync(stop) == 0)
            throw new InvalidOperationException(
                $"The reader {name} is no longer at {from}: it was moved by another. It goes on from where "
                + "that one is.");
    }

    public async Task Set(NpgsqlConnection connection, string name, long position, CancellationToken stop)
    {
        await using var command = sql.Command(
            connection, "set_progression", Sql.Value(name), Sql.Value(position));
        await command.ExecuteNonQueryAsync(stop);
    }
}
