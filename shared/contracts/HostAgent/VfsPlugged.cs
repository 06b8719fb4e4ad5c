namespace Platform.Contracts.HostAgent;

/// <summary>The guest has its functions.</summary>
public sealed record VfsPlugged(Guid BootId, Guid ClaimId, string HostId, long Generation);
