namespace Platform.Contracts.HostAgent;

/// <summary>
/// Report everything again: an event was missed. Answered by <see cref="HostReported"/>. Sent to the agent's
/// queue.
/// </summary>
public sealed record ReportHost(string HostId, long Epoch);
