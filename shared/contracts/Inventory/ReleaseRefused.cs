namespace Platform.Contracts.Inventory;

/// <summary>The claim was not released: it belongs to another boot than the one that was named.</summary>
public sealed record ReleaseRefused(Guid BootId, Guid ClaimId, string HostId, string Reason);
