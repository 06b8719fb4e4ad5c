using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Platform.EventStore;

/// <summary>
/// Repeats work that ends in errors, ever more slowly, until stopped: an outage must not end a reader.
/// </summary>
internal static partial class Retry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Runs until <paramref name="work"/> answers that it is done, or until stopped.</summary>
    /// <param name="pause">Between two runs that were not done, and had no error.</param>
    public static async Task UntilDone(
        string name, Func<Task<bool>> work, TimeSpan pause, ILogger log, CancellationToken stop)
    {
        var afterError = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            var next = pause;
            try
            {
                if (await work())
                    return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // What ran well for a while before it failed begins with short pauses again.
                afterError = watch.Elapsed > LongestPause ? FirstPause : Min(2 * afterError, LongestPause);
                next = afterError;
                LogFailed(log, error, name, next);
            }

            await Task.Delay(next, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(1, LogLevel.Warning, "{Name} failed, and runs again in {Pause}.")]
    private static partial void LogFailed(ILogger log, Exception error, string name, TimeSpan pause);
}
