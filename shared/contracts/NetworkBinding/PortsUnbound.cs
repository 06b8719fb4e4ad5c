namespace Platform.Contracts.NetworkBinding;

/// <summary>No port belongs to the claim, and none ever will again.</summary>
public sealed record PortsUnbound(Guid BootId, Guid ClaimId, string HostId);
