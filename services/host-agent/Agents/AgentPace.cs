using Platform.HostAgent.Options;

namespace Platform.HostAgent.Agents;

/// <summary>How long an agent rests between two words.</summary>
public sealed class AgentPace(HostAgentOptions options, TimeProvider time)
{
    /// <summary>
    /// A publish that takes longer is given up: the next beat says it again, or a gap tells of it.
    /// </summary>
    public static readonly TimeSpan PublishLimit = TimeSpan.FromSeconds(15);

    /// <param name="wake">What ends the rest early, when there is something to say.</param>
    public async Task Rest(bool isAsking, Func<CancellationToken, Task>? wake, CancellationToken stop)
    {
        var rest = isAsking ? options.AdmissionInterval : options.HeartbeatInterval;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var waits = new List<Task> { Task.Delay(rest, time, over.Token) };
        if (wake != null)
            waits.Add(wake(over.Token));
        await Task.WhenAny(waits);
        await over.CancelAsync();
        // Ended before the next begins: only one may listen at a time.
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
