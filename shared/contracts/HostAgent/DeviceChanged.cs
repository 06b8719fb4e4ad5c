namespace Platform.Contracts.HostAgent;

/// <summary>A known function is not what it was: other tags, another NUMA node, another VF count.</summary>
/// <param name="Epoch">Given by the inventory when it admitted the agent.</param>
/// <param name="Sequence">Counts the agent's events within the epoch, from 1.</param>
public sealed record DeviceChanged(string HostId, long Epoch, long Sequence, Device Device);
