namespace Platform.Pci;

/// <summary>Why requests cannot be met together.</summary>
/// <param name="RequestIds">Requests that want, between them, more than there is.</param>
/// <param name="Free">All there is for them.</param>
/// <param name="Reason">One sentence's worth, for people: "3 functions on physnet1 asked, 2 free".</param>
public sealed record Shortfall(IReadOnlyList<Guid> RequestIds, long Asked, long Free, string Reason);

/// <summary>
/// Whether pools can meet requests together. Exact for pools: requests may overlap in what meets them, and
/// one that came first makes room for a later one. It does not see which VF belongs to which PF;
/// <see cref="Allocation"/> does.
/// </summary>
public static class Fit
{
    /// <summary>Null when all requests can be met together; else what is short.</summary>
    public static Shortfall? Check(IReadOnlyList<Pool> pools, IReadOnlyList<PciRequest> requests)
    {
        var flow = new Assignment(
            [.. requests.Select(request => request.Count)],
            [.. pools.Select(pool => pool.Free)],
            (request, pool) => requests[request].Meets(pools[pool]));
        return flow.Fill() is { } short_ ? Explain(requests, short_) : null;
    }

    internal static Shortfall Explain(IReadOnlyList<PciRequest> requests, Assignment.Short found)
    {
        var rivals = found.Requests.Select(index => requests[index]).ToList();
        var kinds = rivals.GroupBy(request => request.Describe())
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

    private static string Join(IEnumerable<(string What, long Count)> kinds) =>
        string.Join(", ", kinds.Select(kind => $"{kind.Count} {kind.What}"));

    private static string Functions(long count) => count == 1 ? "1 function" : $"{count} functions";
}
