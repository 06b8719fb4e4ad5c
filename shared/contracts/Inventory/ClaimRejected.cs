using Platform.Contracts.HostAgent;

namespace Platform.Contracts.Inventory;

/// <summary>
/// Nothing is held for the claim. Carries the host as it is now, so that the asker need not ask.
/// </summary>
/// <param name="Code"><c>insufficient</c>, <c>host-offline</c>, <c>host-unknown</c>, <c>claim-released</c>,
/// <c>too-late</c>, <c>conflict</c>, or <c>invalid</c> for an order that no host could carry out.</param>
/// <param name="Version">The host stream's version that the refusal was decided on.</param>
/// <param name="NumaCells">The host's; none when its agent does not say.</param>
public sealed record ClaimRejected(
    Guid BootId,
    Guid ClaimId,
    string HostId,
    string Code,
    string Reason,
    long Version,
    bool Online,
    IReadOnlyList<DevicePool> Pools,
    IReadOnlyList<NumaCell>? NumaCells = null);
