namespace Platform.Pci;

/// <summary>Why requests cannot be met together.</summary>
/// <param name="RequestIds">Requests that want, between them, more than there is.</param>
/// <param name="Free">All there is for them.</param>
/// <param name="Reason">One sentence's worth, for people: "3 functions on physnet1 asked, 2 free".</param>
public sealed record Shortfall(
    IReadOnlyList<Guid> RequestIds, long Asked, long Free, string Reason, Lack Lack = Lack.Functions);

/// <summary>What a host is short of.</summary>
public enum Lack
{
    /// <summary>Functions of some kind.</summary>
    Functions,

    /// <summary>There are enough, but not near enough to where the guest would run.</summary>
    Numa,

    /// <summary>There are enough, but not as far apart or as close together as asked.</summary>
    Grouping,
}

/// <summary>
/// Whether pools can meet requests together. Exact for pools: requests may overlap in what meets them, and
/// one that came first makes room for a later one. It does not see which VF belongs to which PF;
/// <see cref="DevicePools"/> do. Everywhere, <c>numa</c> is where the guest runs, or null when that does not
/// matter.
/// </summary>
public static class Fit
{
    /// <summary>Null when all requests can be met together; else what is short.</summary>
    public static Shortfall? Check(
        IReadOnlyList<Pool> pools, IReadOnlyList<PciRequest> requests, NumaAffinity? numa = null) =>
        Share(pools, requests, numa).Fill() is { } found ? Explain(requests, found, numa) : null;

    /// <summary>
    /// The pools that are left when the requests were met, the used up ones left out; or a shortfall, and
    /// these pools: never some requests without the others.
    /// </summary>
    public static (IReadOnlyList<Pool> Left, Shortfall? Shortfall) Apply(
        IReadOnlyList<Pool> pools, IReadOnlyList<PciRequest> requests, NumaAffinity? numa = null)
    {
        var left = pools;
        foreach (var request in requests)
        {
            if (Eligible(left, request, numa) is not { } eligible)
                return ApplyExactly(pools, requests, numa);
            var taken = new int?[left.Count];
            var missing = request.Count;
            foreach (var pool in eligible.TakeWhile((_, index) => index == 0 || missing > 0))
                missing -= (taken[pool] = Math.Clamp(missing, 0, left[pool].Free)).Value;
            left = Without(left, pool => taken[pool]);
        }

        return (left, null);
    }

    /// <summary>
    /// The pools that together can meet a request, by their index, those to be taken from first in front;
    /// null when they cannot. As near to the guest as there are enough functions, and as the request's
    /// policy allows.
    /// </summary>
    public static IReadOnlyList<int>? Eligible(
        IReadOnlyList<Pool> pools, PciRequest request, NumaAffinity? numa = null)
    {
        var meeting = new List<int>();
        for (var pool = 0; pool < pools.Count; pool++)
            if (request.Meets(pools[pool]))
                meeting.Add(pool);

        var policy = PolicyOf(request);
        foreach (var nearness in numa is null ? [] : StagesOf(policy))
        {
            var near = meeting.FindAll(pool => numa!.Allows(nearness, pools[pool].NumaNode));
            if (nearness == policy || AreEnough(near))
                return AreEnough(near) ? near : null;
        }

        if (!AreEnough(meeting))
            return null;
        return numa is null
            ? meeting
            : [.. meeting.OrderByDescending(pool => numa.Allows(NumaPolicy.Legacy, pools[pool].NumaNode))];

        bool AreEnough(List<int> some) => some.Sum(pool => (long)pools[pool].Free) >= request.Count;
    }

    internal static Assignment Share(
        IReadOnlyList<Pool> pools, IReadOnlyList<PciRequest> requests, NumaAffinity? numa) => new(
        [.. requests.Select(request => request.Count)],
        [.. pools.Select(pool => pool.Free)],
        (request, pool) => requests[request].Meets(pools[pool])
            && numa?.Allows(PolicyOf(requests[request]), pools[pool].NumaNode) != false);

    internal static Shortfall Explain(
        IReadOnlyList<PciRequest> requests, Assignment.Short found, NumaAffinity? numa)
    {
        var rivals = found.Requests.Select(index => requests[index]).ToList();
        var kinds = rivals.GroupBy(request => request.Describe(numa))
            .Select(kind => (What: kind.Key, Count: kind.Sum(request => (long)request.Count)))
            .ToList();
        var asked = kinds.Sum(kind => kind.Count);
        var what = kinds.Count == 1
            ? $"{Functions(asked)} {kinds[0].What} asked"
            : $"{Functions(asked)} asked ({Join(kinds)})";
        return new(
            [.. rivals.Select(request => request.RequestId)], asked, found.Free,
            $"{what}, {found.Free} free");
    }

    private static NumaPolicy PolicyOf(PciRequest request) => request.NumaPolicy ?? NumaPolicy.Legacy;

    // From near to far, up to what the policy allows; preferred has nothing that it does not allow.
    private static NumaPolicy[] StagesOf(NumaPolicy policy) =>
        [NumaPolicy.Required, policy == NumaPolicy.Preferred ? NumaPolicy.Legacy : policy];

    private static (IReadOnlyList<Pool>, Shortfall?) ApplyExactly(
        IReadOnlyList<Pool> pools, IReadOnlyList<PciRequest> requests, NumaAffinity? numa)
    {
        var shares = Share(pools, requests, numa);
        return shares.Fill() is { } found
            ? (pools, Explain(requests, found, numa))
            : (Without(pools, pool => Taken(pool)), null);

        int? Taken(int pool) => Enumerable.Range(0, requests.Count)
            .Sum(request => shares.Taken(request, pool)) is > 0 and var taken ? taken : null;
    }

    // A pool that was taken from and has no more is left out. From which of its PFs is not decided.
    private static List<Pool> Without(IReadOnlyList<Pool> pools, Func<int, int?> takenFrom) =>
    [
        .. pools.Select((pool, index) => (Pool: pool, Taken: takenFrom(index)))
            .Where(entry => entry.Taken is null || entry.Taken < entry.Pool.Free)
            .Select(entry => entry.Taken is > 0 and var taken
                ? entry.Pool with { Free = entry.Pool.Free - taken, FreeByPf = null }
                : entry.Pool),
    ];

    private static string Join(IEnumerable<(string What, long Count)> kinds) =>
        string.Join(", ", kinds.Select(kind => $"{kind.Count} {kind.What}"));

    private static string Functions(long count) => count == 1 ? "1 function" : $"{count} functions";
}
