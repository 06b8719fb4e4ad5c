namespace Platform.Contracts.HostAgent;

/// <summary>This function could not be cleaned, and must not be given again.</summary>
public sealed record DeviceCleanFailed(
    string HostId, Guid ClaimId, long Generation, string Address, string Reason);
