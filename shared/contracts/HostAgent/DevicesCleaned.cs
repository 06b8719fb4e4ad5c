namespace Platform.Contracts.HostAgent;

/// <summary>These functions of the claim can be given again.</summary>
public sealed record DevicesCleaned(
    string HostId, Guid ClaimId, long Generation, IReadOnlyList<string> Addresses);
