using Platform.Pci;

namespace Platform.Scheduler.Domain;

/// <summary>Which host a boot shall try, or why none.</summary>
public abstract record Choice
{
    /// <summary>At most so many refused hosts are named; all are counted (U20).</summary>
    public const int NearestMax = 20;

    public sealed record Chosen(string HostId, long Version) : Choice;

    /// <param name="Counts">Hosts by reason code.</param>
    /// <param name="Nearest">At most <see cref="NearestMax"/>, those short of the fewest functions
    /// first.</param>
    /// <param name="NearestMiss">What the nearest host lacked; null when no host was short of functions
    /// alone.</param>
    public sealed record NoHost(
        IReadOnlyDictionary<string, int> Counts,
        IReadOnlyList<Refusal> Nearest,
        string? NearestMiss) : Choice;

    /// <summary>Why no host can be had; null when one can.</summary>
    /// <param name="tried">Hosts this boot has failed on, with the reason.</param>
    public static NoHost? Refuse(
        IReadOnlyList<PciRequest> requests,
        IEnumerable<KnownHost> hosts,
        IReadOnlyDictionary<string, Refusal> tried)
    {
        var refusals = new List<Refusal>();
        foreach (var host in hosts)
        {
            if (RefusalOf(host, requests, tried) is not { } refusal)
                return null;
            refusals.Add(refusal);
        }

        return Nothing(refusals);
    }

    private static Refusal? RefusalOf(
        KnownHost host, IReadOnlyList<PciRequest> requests, IReadOnlyDictionary<string, Refusal> tried)
    {
        if (tried.TryGetValue(host.HostId, out var failed))
            return failed;
        if (!host.Online)
            return new(host.HostId, Refusal.Offline, "The host's agent is not heard.", long.MaxValue);
        return Fit.Check(host.Pools, requests) is { } shortfall
            ? new(host.HostId, Refusal.Insufficient, shortfall.Reason, MissingOf(host, requests, shortfall))
            : null;
    }

    // A shortfall proves that some requests cannot be met; what all of them lack says how near the host came.
    private static long MissingOf(KnownHost host, IReadOnlyList<PciRequest> requests, Shortfall shortfall)
    {
        var asked = requests.Sum(request => (long)request.Count);
        return Math.Max(shortfall.Asked - shortfall.Free, asked - MatchingFree(host, requests));
    }

    private static long MatchingFree(KnownHost host, IReadOnlyList<PciRequest> requests) => host.Pools
        .Where(pool => requests.Any(request => request.Meets(pool)))
        .Sum(pool => (long)pool.Free);

    private static NoHost Nothing(List<Refusal> refusals)
    {
        var nearest = refusals.OrderBy(r => r.Missing).ThenBy(r => r.HostId, StringComparer.Ordinal)
            .Take(NearestMax).ToList();
        var miss = nearest.FirstOrDefault(r => r.Code == Refusal.Insufficient);
        return new(
            refusals.CountBy(r => r.Code).ToDictionary(StringComparer.Ordinal),
            nearest,
            miss is null ? null : $"{miss.HostId} came nearest: {miss.Reason}");
    }
}
