namespace Platform.Contracts.HostAgent;

/// <summary>A PF has another number of VFs. The VFs given here are all it has now.</summary>
/// <param name="Epoch">Given by the inventory when it admitted the agent.</param>
/// <param name="Sequence">Counts the agent's events within the epoch, from 1.</param>
/// <param name="NumVfs">0 to <paramref name="TotalVfs"/>.</param>
public sealed record VfCountChanged(
    string HostId,
    long Epoch,
    long Sequence,
    string PfAddress,
    int NumVfs,
    int TotalVfs,
    IReadOnlyList<Device> Vfs);
