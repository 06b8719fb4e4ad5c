using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>
/// Ends claims, for ever. What they held has no owner from then on, and is offered only when clean.
/// </summary>
public abstract record Releasing
{
    private Releasing()
    {
    }

    /// <summary>Over; these of its functions are not clean yet.</summary>
    public sealed record Cleaning(
        long Generation, IReadOnlyList<PciAddress> Addresses, bool HostOnline) : Releasing;

    /// <summary>Over, and nothing of it is left.</summary>
    public sealed record Done(
        IReadOnlyList<PciAddress> Cleaned, IReadOnlyList<PciAddress> Quarantined) : Releasing;

    /// <summary>The claim is another boot's.</summary>
    public sealed record Refused(string Reason) : Releasing;

    /// <summary>
    /// Recorded even when nothing is held, since the claim itself may come later: see <see cref="Claiming"/>.
    /// </summary>
    public static (Releasing Answer, IReadOnlyList<HostEvent> Events) Decide(
        HostInventory host, Guid claimId, Guid bootId, string reason, DateTimeOffset now)
    {
        if (host.Released.TryGetValue(claimId, out var over))
            return (new Done(over.Cleaned, over.Quarantined), []);

        var released = new ClaimReleased(claimId, bootId, ReleaseCause.Requested, reason, now);
        if (!host.Claims.TryGetValue(claimId, out var claim))
            return (new Done([], []), [released]);
        if (claim.BootId != bootId)
            return (new Refused($"The claim belongs to boot {claim.BootId}."), []);
        // A guest without functions: nothing is to be cleaned.
        if (claim.Picks.Count == 0)
            return (new Done([], []), [released]);
        return claim.ReleasedAt is null
            ? (Left([.. claim.Picks.Select(pick => pick.Address)]), [released])
            : (Left(host.BeingCleaned(claimId)), []);

        Cleaning Left(IReadOnlyList<PciAddress> addresses) => new(claim.Generation, addresses, host.Online);
    }

    /// <summary>Releases every claim whose lease has ended; the answer is how many.</summary>
    public static (int Answer, IReadOnlyList<HostEvent> Events) Expire(HostInventory host, DateTimeOffset now)
    {
        var ended = host.Claims
            .Where(held => held.Value is { ReleasedAt: null, Confirmed: false })
            .Where(held => held.Value.LeaseUntil <= now)
            .Select(held => LeaseEnd(held.Key, held.Value, now))
            .ToList();
        return (ended.Count, ended);
    }

    internal static ClaimReleased LeaseEnd(Guid claimId, Claim claim, DateTimeOffset now) => new(
        claimId, claim.BootId, ReleaseCause.LeaseEnded,
        $"The lease ended at {claim.LeaseUntil:O} and nobody had confirmed the claim.", now);
}
