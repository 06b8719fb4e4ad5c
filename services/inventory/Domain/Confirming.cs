namespace Platform.Inventory.Domain;

/// <summary>Ends a claim's lease while it runs: from then on the claim stands until it is released.</summary>
public static class Confirming
{
    /// <summary>
    /// Null when the claim stands, else why it does not. A lease found ended is ended for good here, so that
    /// a clock set back cannot make the answer to a second confirmation another one.
    /// </summary>
    public static (string? Loss, IReadOnlyList<HostEvent> Events) Decide(
        HostInventory host, Guid claimId, Guid bootId, DateTimeOffset now)
    {
        if (host.IsOver(claimId))
            return ("The claim was released, or its lease ended.", []);
        if (!host.Claims.TryGetValue(claimId, out var claim))
            return ("The host does not know the claim.", []);
        if (claim.BootId != bootId)
            return ($"The claim belongs to boot {claim.BootId}.", []);
        if (claim.Confirmed)
            return (null, []);
        return claim.LeaseUntil > now
            ? (null, [new LeaseLifted(claimId)])
            : ($"The lease ended at {claim.LeaseUntil:O}.", [Releasing.LeaseEnd(claimId, claim, now)]);
    }
}
