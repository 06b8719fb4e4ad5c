namespace Platform.Contracts.NetworkBinding;

/// <summary>
/// A port could not be freed of the claim. It is to be asked again. The ports kept here never fail so; those
/// of a Neutron elsewhere may.
/// </summary>
public sealed record PortUnbindingFailed(
    Guid BootId, Guid ClaimId, string HostId, string PortId, string Reason);
