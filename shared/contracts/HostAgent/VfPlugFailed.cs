namespace Platform.Contracts.HostAgent;

/// <summary>The functions were not given to the guest; what had been done was undone.</summary>
public sealed record VfPlugFailed(Guid BootId, Guid ClaimId, string HostId, long Generation, string Reason);
