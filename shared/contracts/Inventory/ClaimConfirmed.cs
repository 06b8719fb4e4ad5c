namespace Platform.Contracts.Inventory;

/// <summary>The claim stands until it is released.</summary>
public sealed record ClaimConfirmed(Guid BootId, Guid ClaimId, string HostId);
