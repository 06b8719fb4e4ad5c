using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>How far the cleaning of a released claim is.</summary>
/// <param name="Over">How it ended; null while functions are left to be cleaned.</param>
public sealed record CleanProgress(Guid BootId, Tombstone? Over);

/// <summary>
/// Gives cleaned functions back to the pools, and keeps those out that could not be cleaned.
/// </summary>
public static class Cleaning
{
    /// <summary>
    /// How far the claim is then, or null for an outcome of another claim or generation: it changes nothing.
    /// </summary>
    public static (CleanProgress? Answer, IReadOnlyList<HostEvent> Events) Succeed(
        HostInventory host, Guid claimId, long generation, IReadOnlyList<PciAddress> addresses,
        DateTimeOffset now)
    {
        var cleaned = host.BeingCleaned(claimId).Intersect(addresses).ToList();
        return Decide(host, claimId, generation, cleaned.Count == 0
            ? []
            : [new FunctionsCleaned(claimId, cleaned, now)]);
    }

    /// <inheritdoc cref="Succeed"/>
    public static (CleanProgress? Answer, IReadOnlyList<HostEvent> Events) Fail(
        HostInventory host, Guid claimId, long generation, PciAddress address, string reason,
        DateTimeOffset now) =>
        Decide(host, claimId, generation, host.BeingCleaned(claimId).Contains(address)
            ? [new FunctionQuarantined(claimId, address, reason, now)]
            : []);

    private static (CleanProgress?, IReadOnlyList<HostEvent>) Decide(
        HostInventory host, Guid claimId, long generation, IReadOnlyList<HostEvent> events)
    {
        if (host.Released.TryGetValue(claimId, out var over))
            return (over.Generation == generation ? new(over.BootId, over) : null, []);
        if (!host.Claims.TryGetValue(claimId, out var claim) || claim.ReleasedAt is null
            || claim.Generation != generation)
            return (null, []);

        var after = events.Aggregate(host, (state, happened) => state.Evolve(happened));
        return (new(claim.BootId, after.Released.GetValueOrDefault(claimId)), events);
    }
}
