namespace Platform.Contracts.HostAgent;

/// <summary>
/// Where the commands to a host's agent go. Addressed as an exchange: only the agent declares its queue, so
/// that a command to an agent that never was here is not kept for one.
/// </summary>
public static class HostAgentQueue
{
    public static string Name(string hostId) => $"host-agent-{hostId}";

    public static Uri Address(string hostId) => new($"exchange:{Name(hostId)}");
}
