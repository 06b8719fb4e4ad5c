namespace Platform.Pci;

/// <summary>
/// What pools lack for one demand. Hosts whose pools look alike to the demand are searched once: most of a
/// fleet is.
/// </summary>
public sealed class PoolVerdicts(Demand demand)
{
    // What is remembered of made-up fleets has an end.
    private const int KnownMax = 10_000;

    private readonly Dictionary<(IReadOnlyList<Pool> Pools, IReadOnlyList<NumaCell> Cells), Shortfall?>
        known = new(new Alike(demand.Requests.Sum(request => Math.Max(request.Count, 0L))));

    /// <summary>As <see cref="PoolShape.Lack"/>.</summary>
    public Shortfall? Lack(IReadOnlyList<Pool> pools, IReadOnlyList<NumaCell> cells)
    {
        if (known.TryGetValue((pools, cells), out var lack))
            return lack;
        lack = PoolShape.Lack(pools, cells, demand);
        if (known.Count < KnownMax)
            known.Add((pools, cells), lack);
        return lack;
    }

    /// <summary>More functions than are asked make no difference, wherever they are.</summary>
    private sealed class Alike(long asked)
        : IEqualityComparer<(IReadOnlyList<Pool> Pools, IReadOnlyList<NumaCell> Cells)>
    {
        public bool Equals(
            (IReadOnlyList<Pool> Pools, IReadOnlyList<NumaCell> Cells) one,
            (IReadOnlyList<Pool> Pools, IReadOnlyList<NumaCell> Cells) other)
        {
            if (one.Pools.Count != other.Pools.Count || one.Cells.Count != other.Cells.Count)
                return false;
            for (var index = 0; index < one.Cells.Count; index++)
                if (one.Cells[index] != other.Cells[index])
                    return false;
            for (var index = 0; index < one.Pools.Count; index++)
                if (!Same(one.Pools[index], other.Pools[index]))
                    return false;
            return true;
        }

        public int GetHashCode((IReadOnlyList<Pool> Pools, IReadOnlyList<NumaCell> Cells) host)
        {
            var hash = host.Cells.Count;
            for (var index = 0; index < host.Pools.Count; index++)
            {
                var pool = host.Pools[index];
                hash = HashCode.Combine(hash, pool.Tags, pool.NumaNode, Math.Min(pool.Free, asked));
            }

            return hash;
        }

        private bool Same(Pool one, Pool other) =>
            Math.Min(one.Free, asked) == Math.Min(other.Free, asked)
            && one.NumaNode == other.NumaNode && one.Tags.Equals(other.Tags)
            && one.DeviceType == other.DeviceType && one.ProductId == other.ProductId
            && one.VendorId == other.VendorId
            && (one.FreeByPf is { } counts
                ? other.FreeByPf is { } others && counts.EqualsUpTo(asked, others)
                : other.FreeByPf is null);
    }
}
