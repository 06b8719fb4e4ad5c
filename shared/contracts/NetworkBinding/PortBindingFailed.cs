namespace Platform.Contracts.NetworkBinding;

/// <summary>The ports of the claim were not bound; none of them holds it.</summary>
/// <param name="Permanent">True when no other host would help, as for a port that belongs to another
/// boot.</param>
public sealed record PortBindingFailed(
    Guid BootId, Guid ClaimId, string HostId, string? PortId, string Reason, bool Permanent);
