namespace Platform.Contracts.Inventory;

/// <summary>Nothing of the claim is left.</summary>
/// <param name="Quarantined">Functions that could not be cleaned: kept out of the pools until an operator
/// acts.</param>
public sealed record DevicesReleased(
    Guid BootId,
    Guid ClaimId,
    string HostId,
    IReadOnlyList<string> Cleaned,
    IReadOnlyList<string> Quarantined);
