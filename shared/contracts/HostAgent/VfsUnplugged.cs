namespace Platform.Contracts.HostAgent;

/// <summary>The guest has none of the claim's functions.</summary>
public sealed record VfsUnplugged(Guid BootId, Guid ClaimId, string HostId, long Generation);
