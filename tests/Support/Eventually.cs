using System.Diagnostics;

namespace Platform.Support;

/// <summary>Waits for a named condition, with a limit: what tests do instead of sleeping.</summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns when the condition holds; throws, naming it, when the limit passed.</summary>
    public static async Task True(
        string condition, Func<Task<bool>> holds, CancellationToken stop, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            if (watch.Elapsed > (limit ?? Limit))
                throw new TimeoutException($"Not within {(limit ?? Limit).TotalSeconds:0} s: {condition}.");
            await Task.Delay(Pause, stop);
        }
    }

    /// <summary>
    /// Returns when nothing stands against the condition; throws, naming what does, when the limit passed.
    /// Asks less often: what stands against it takes longer to find.
    /// </summary>
    public static async Task Clear(
        string condition,
        Func<Task<IReadOnlyList<string>>> against,
        CancellationToken stop,
        TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (await against() is { Count: > 0 } left)
        {
            if (watch.Elapsed > (limit ?? Limit))
                throw new TimeoutException(
                    $"Not within {(limit ?? Limit).TotalSeconds:0} s: {condition}. Against it:\n"
                    + string.Join('\n', left));
            await Task.Delay(LongPause, stop);
        }
    }

    /// <summary>Returns when the condition holds; throws, naming it, when the limit passed.</summary>
    public static Task True(
        string condition, Func<bool> holds, CancellationToken stop, TimeSpan? limit = null) =>
        True(condition, () => Task.FromResult(holds()), stop, limit);
}
