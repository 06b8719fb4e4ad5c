namespace Platform.Pci;

/// <summary>
/// A host's free functions as its pools tell of them: how many under which PF, but not at which addresses. As
/// good as the host itself for finding out whether a demand can be met there, but for a pin to a VF, which
/// only the host can answer.
/// </summary>
public static class PoolShape
{
    /// <summary>Null when pools and cells promise that the demand can be met; else what they lack.</summary>
    public static Shortfall? Lack(IReadOnlyList<Pool> pools, IReadOnlyList<NumaCell> cells, Demand demand)
    {
        if (Fit.Check(pools, demand.Requests) is { } shortfall)
            return shortfall;
        if (demand.IsPlain)
            return null;
        var pfs = pools.SelectMany(pool => pool.FreeByPf?.Keys ?? []).ToHashSet();
        var requests = demand.Requests.Select(request =>
            request.Pin is { } pin && !pfs.Contains(pin) ? request with { Pin = null } : request);
        var asked = demand.Requests.Sum(request => (long)request.Count);
        return HostPlacement.Place(
            Devices(pools, asked), cells, demand with { Requests = [.. requests] }).Allocation.Shortfall;
    }

    // More of one kind on one PF than are asked make no difference. No host has so many PCI domains that a
    // made-up address could be a real one's.
    private static IEnumerable<PciDevice> Devices(IReadOnlyList<Pool> pools, long asked)
    {
        var madeUp = uint.MaxValue;
        foreach (var pool in pools)
            foreach (var (pf, free) in pool.FreeByPf ?? new([new(new(madeUp--), pool.Free)]))
                for (var count = Math.Min(free, asked); count > 0; count--)
                    yield return new(
                        IsVf(pool) || count > 1 ? new(madeUp--) : pf, pool.VendorId, pool.ProductId,
                        pool.DeviceType, IsVf(pool) ? pf : null, null, pool.NumaNode, null, null, pool.Tags);
    }

    private static bool IsVf(Pool pool) => pool.DeviceType is DeviceType.Vf or DeviceType.Vdpa;
}
