using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Bench.Boots;

/// <summary>What one round took.</summary>
/// <param name="Each">What one run of it did and took.</param>
internal sealed record Round(double PerSecond, double P50Milliseconds, double P99Milliseconds, Counts Each)
{
    public static Round Median(IReadOnlyList<Round> rounds) =>
        rounds.OrderBy(round => round.PerSecond).ElementAt(rounds.Count / 2);

    public override string ToString() =>
        $"{PerSecond,6:0.0} a second   p50 {P50Milliseconds,6:0.0} ms   p99 {P99Milliseconds,6:0.0} ms   "
        + $"each {Each.Hops:0.0} hops, {Each.Commits:0.0} commits, {Each.Cpu}";
}

/// <summary>Keeps so many things under way at once, and times each from its start to its end.</summary>
internal sealed class Stopwatches
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> ended = new();

    public void End(Guid id)
    {
        if (ended.TryGetValue(id, out var waiting))
            waiting.TrySetResult();
    }

    /// <summary>Runs the warm-up, which is not counted, and then the round.</summary>
    public async Task<Round> Run(
        BenchArguments arguments, Meter meter, Func<int, Guid, Task> start, CancellationToken stop)
    {
        await Run(arguments with { Boots = arguments.WarmUp }, first: 0, start, stop);
        await meter.Begin(stop);
        var round = await Run(arguments, arguments.WarmUp, start, stop);
        return round with { Each = (await meter.End(stop)).Each(arguments.Boots) };
    }

    private async Task<Round> Run(
        BenchArguments arguments, int first, Func<int, Guid, Task> start, CancellationToken stop)
    {
        var milliseconds = new double[arguments.Boots];
        var whole = Stopwatch.StartNew();
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = arguments.InFlight,
            CancellationToken = stop,
        };
        await Parallel.ForAsync(0, arguments.Boots, options, async (index, token) =>
        {
            var id = Guid.NewGuid();
            var end = ended[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var watch = Stopwatch.StartNew();
            await start(first + index, id);
            await end.Task.WaitAsync(token);
            milliseconds[index] = watch.Elapsed.TotalMilliseconds;
        });
        var seconds = whole.Elapsed.TotalSeconds;
        Array.Sort(milliseconds);
        return new(arguments.Boots / seconds, At(milliseconds, 0.50), At(milliseconds, 0.99), default);
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
