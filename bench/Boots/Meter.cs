using Npgsql;
using Platform.Support;

namespace Platform.Bench.Boots;

/// <summary>What the servers count while something runs, and what it costs this machine.</summary>
internal sealed class Meter(TestServers servers, string database)
{
    private long hops;
    private long commits;
    private Cpu cpu;

    public async Task Begin(CancellationToken stop)
    {
        (hops, commits) = (await servers.CountConfirmed(stop), await CountCommits(stop));
        // Last here and first in the end: asking the servers costs time, too.
        cpu = Cpu.Now();
    }

    public async Task<Counts> End(CancellationToken stop)
    {
        var taken = Cpu.Now() - cpu;
        return new(
            await servers.CountConfirmed(stop) - hops, await CountCommits(stop) - commits, taken);
    }

    // A transaction has an id when it has written, and the snapshot's end is the next id to be given.
    private async Task<long> CountCommits(CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand(
            "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint", connection);
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }
}

/// <summary>What was counted, and what it took.</summary>
/// <param name="Hops">Messages that the broker confirmed to their publishers.</param>
/// <param name="Commits">Transactions that wrote.</param>
internal readonly record struct Counts(double Hops, double Commits, Cpu Cpu)
{
    public Counts Each(int runs) => new(Hops / runs, Commits / runs, Cpu / runs);
}
