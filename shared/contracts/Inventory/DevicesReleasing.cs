namespace Platform.Contracts.Inventory;

/// <summary>
/// The claim is over: its functions have no owner and are not offered. They return to their pools, or to
/// quarantine, when the host's agent has cleaned them.
/// </summary>
/// <param name="HostOnline">False: cleaning waits until the host's agent is back.</param>
public sealed record DevicesReleasing(
    Guid BootId, Guid ClaimId, string HostId, bool HostOnline, IReadOnlyList<string> Addresses);
