namespace Platform.Contracts.Inventory;

/// <summary>
/// The claim is in use: it has no lease from now on. Answered by <see cref="ClaimConfirmed"/> or
/// <see cref="ClaimLost"/>; only the former permits a boot to succeed.
/// </summary>
public sealed record ConfirmClaim(Guid BootId, Guid ClaimId, string HostId)
{
    public static readonly Uri Queue = new("queue:confirm-claim");
}
