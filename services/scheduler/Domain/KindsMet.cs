using Platform.Pci;

namespace Platform.Scheduler.Domain;

/// <summary>
/// Which pools meet any of some requests. Thousands of hosts have the same few kinds of pools, and share the
/// tags of each: a kind is looked at once.
/// </summary>
internal sealed class KindsMet(IReadOnlyList<PciRequest> requests)
{
    private const int SeenMax = 64;
    private readonly List<(Pool Like, bool Meets)> seen = [];

    /// <summary>All free functions that meet a request.</summary>
    public long FreeOf(IReadOnlyList<Pool> pools)
    {
        var free = 0L;
        for (var index = 0; index < pools.Count; index++)
            if (MeetsAny(pools[index]))
                free += pools[index].Free;
        return free;
    }

    private bool MeetsAny(Pool pool)
    {
        foreach (var (like, meets) in seen)
            if (ReferenceEquals(like.Tags, pool.Tags) && like.DeviceType == pool.DeviceType
                && like.ProductId == pool.ProductId && like.VendorId == pool.VendorId)
                return meets;
        var met = requests.Any(request => request.Meets(pool));
        if (seen.Count < SeenMax)
            seen.Add((pool, met));
        return met;
    }
}
