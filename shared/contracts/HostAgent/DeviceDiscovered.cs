namespace Platform.Contracts.HostAgent;

/// <summary>A function appeared on the host, and an entry of its device spec matches it.</summary>
/// <param name="Epoch">Given by the inventory when it admitted the agent.</param>
/// <param name="Sequence">Counts the agent's events within the epoch, from 1.</param>
public sealed record DeviceDiscovered(string HostId, long Epoch, long Sequence, Device Device);
