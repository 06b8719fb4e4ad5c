namespace Platform.Contracts.HostAgent;

/// <summary>A function could not be taken from the guest.</summary>
public sealed record VfUnplugFailed(Guid BootId, Guid ClaimId, string HostId, long Generation, string Reason);
