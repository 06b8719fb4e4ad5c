namespace Platform.Contracts.HostAgent;

/// <summary>The agent lives.</summary>
/// <param name="Sequence">Of the last event it published, so that a lost one is missed.</param>
public sealed record AgentHeartbeat(string HostId, long Epoch, long Sequence);
