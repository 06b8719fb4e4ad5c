using Platform.HostAgent.Options;

namespace Platform.HostAgent.Agents;

/// <summary>How long an agent rests between two words.</summary>
public sealed class AgentPace(HostAgentOptions options, TimeProvider time)
{
    /// <summary>
    /// A publish that takes longer is given up: the next beat says it again, or a gap tells of it.
    /// </summary>
    public static readonly TimeSpan PublishLimit = TimeSpan.FromSeconds(15);

    public async Task Rest(bool isAsking, CancellationToken stop)
    {
        var rest = isAsking ? options.AdmissionInterval : options.HeartbeatInterval;
        await Task.Delay(rest, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
