namespace Platform.Contracts.HostAgent;

/// <summary>
/// Every function of the host that its device spec offers. Replaces whatever was known of the host.
/// </summary>
/// <param name="Epoch">Given by the inventory when it admitted the agent.</param>
/// <param name="Sequence">Counts the agent's events within the epoch, from 1.</param>
/// <param name="NumaCells">All of the host's. Left out: the host does not say.</param>
public sealed record HostReported(
    string HostId, long Epoch, long Sequence, IReadOnlyList<Device> Devices,
    IReadOnlyList<NumaCell>? NumaCells = null);
