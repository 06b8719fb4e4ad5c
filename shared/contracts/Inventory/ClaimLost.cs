namespace Platform.Contracts.Inventory;

/// <summary>
/// The claim does not stand any more: its lease ended, it was released, or its host never knew it.
/// </summary>
public sealed record ClaimLost(Guid BootId, Guid ClaimId, string HostId, string Reason);
