namespace Platform.Contracts.Inventory;

/// <summary>
/// End the claim for ever, whether or not it is known. Answered at once by <see cref="DevicesReleasing"/>
/// while its functions are still to be cleaned, and by <see cref="DevicesReleased"/> when none is (any more).
/// Another boot's claim is left alone: <see cref="ReleaseRefused"/>.
/// </summary>
public sealed record ReleaseDevices(Guid BootId, Guid ClaimId, string HostId, string Reason)
{
    public static readonly Uri Queue = new("queue:release-devices");
}
