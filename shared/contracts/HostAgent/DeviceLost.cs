namespace Platform.Contracts.HostAgent;

/// <summary>A function is gone from the host, or from its device spec.</summary>
/// <param name="Epoch">Given by the inventory when it admitted the agent.</param>
/// <param name="Sequence">Counts the agent's events within the epoch, from 1.</param>
public sealed record DeviceLost(string HostId, long Epoch, long Sequence, string Address, string Reason);
