using System.Runtime.InteropServices;
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
    /// <param name="NearestMiss">What the nearest host lacked; null when all are offline or were
    /// tried.</param>
    public sealed record NoHost(
        IReadOnlyDictionary<string, int> Counts,
        IReadOnlyList<Refusal> Nearest,
        string? NearestMiss) : Choice;

    /// <summary>Why no host can be had; null when one can.</summary>
    /// <param name="tried">Hosts this boot has failed on, with the reason.</param>
    /// <param name="verdicts">Of the same demand, with what they remember of other looks.</param>
    public static NoHost? Refuse(
        Demand demand, IEnumerable<KnownHost> hosts, IReadOnlyDictionary<string, Refusal> tried,
        PoolVerdicts verdicts)
    {
        var asked = new Asked(demand, verdicts);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var nearest = new List<Near>(NearestMax * 2);
        Near? farthest = null;
        foreach (var host in hosts)
        {
            if (NearOf(host, asked, tried) is not { } near)
                return null;
            CollectionsMarshal.GetValueRefOrAddDefault(counts, near.Code, out _)++;
            // Of so many hosts few are named: the others need not be kept, nor told why.
            if (farthest is { } known && Near.Compare(near, known) > 0)
                continue;
            nearest.Add(near);
            if (nearest.Count == NearestMax * 2)
                farthest = KeepNearest(nearest);
        }

        KeepNearest(nearest);
        var named = nearest.ConvertAll(near => Explain(near, verdicts, tried));
        var miss = named.Find(refusal =>
            refusal.Code != Refusal.Offline && !tried.ContainsKey(refusal.HostId));
        return new(counts, named, miss is null ? null : $"{miss.HostId} came nearest: {miss.Reason}");
    }

    /// <summary>Why each host cannot be had; null for one that can.</summary>
    public static IEnumerable<(KnownHost Host, Refusal? Refusal)> Explain(
        Demand demand, IEnumerable<KnownHost> hosts, IReadOnlyDictionary<string, Refusal> tried)
    {
        var verdicts = new PoolVerdicts(demand);
        var asked = new Asked(demand, verdicts);
        foreach (var host in hosts)
            yield return (
                host, NearOf(host, asked, tried) is { } near ? Explain(near, verdicts, tried) : null);
    }

    private static Near? NearOf(KnownHost host, Asked asked, IReadOnlyDictionary<string, Refusal> tried)
    {
        if (tried.Count > 0 && tried.TryGetValue(host.HostId, out var failed))
            return new(host, failed.Code, failed.Missing);
        if (!host.Online)
            return new(host, Refusal.Offline, long.MaxValue);
        return asked.LackOf(host) is var (code, missing) ? new(host, code, missing) : null;
    }

    private static Near? KeepNearest(List<Near> nearest)
    {
        nearest.Sort(Near.Compare);
        if (nearest.Count > NearestMax)
            nearest.RemoveRange(NearestMax, nearest.Count - NearestMax);
        return nearest.Count > 0 ? nearest[^1] : null;
    }

    private static Refusal Explain(
        Near near, PoolVerdicts verdicts, IReadOnlyDictionary<string, Refusal> tried) =>
        tried.GetValueOrDefault(near.Host.HostId) ?? new(
            near.Host.HostId,
            near.Code,
            near.Code == Refusal.Offline
                ? "The host's agent is not heard."
                : verdicts.Lack(near.Host.Pools, near.Host.NumaCells)!.Reason,
            near.Missing);

    private readonly record struct Near(KnownHost Host, string Code, long Missing)
    {
        public static int Compare(Near one, Near other) => one.Missing != other.Missing
            ? one.Missing.CompareTo(other.Missing)
            : string.CompareOrdinal(one.Host.HostId, other.Host.HostId);
    }

    /// <summary>What is asked for. Most boots ask for one kind: then counting is enough.</summary>
    private sealed class Asked(Demand demand, PoolVerdicts verdicts)
    {
        private readonly IReadOnlyList<PciRequest> requests = demand.Requests;
        private readonly KindsMet met = new(demand.Requests);
        private readonly long count = demand.Requests.Sum(request => Math.Max(request.Count, 0L));
        private readonly bool isPlain = demand.IsPlain;
        private readonly bool isOneKind =
            demand.Requests.Select(RequestKind.Of).Distinct().Count() == 1;

        /// <summary>Why a host will not do, and how many functions it is short of; null when it
        /// will.</summary>
        public (string Code, long Missing)? LackOf(KnownHost host)
        {
            if (MissingOn(host.Pools) is { } missing)
                return (Refusal.Insufficient, missing);
            return isPlain || verdicts.Lack(host.Pools, host.NumaCells) is not { } shortfall
                ? null
                : (Refusal.CodeOf(shortfall.Lack), Math.Max(shortfall.Asked - shortfall.Free, 0));
        }

        // Counted alone: null when there are enough.
        private long? MissingOn(IReadOnlyList<Pool> pools)
        {
            if (isOneKind)
                return met.FreeOf(pools) is var free && free < count ? count - free : null;
            // A shortfall proves that some requests cannot be met; what all of them lack says how near it is.
            return Fit.Check(pools, requests) is { } shortfall
                ? Math.Max(shortfall.Asked - shortfall.Free, count - met.FreeOf(pools))
                : null;
        }
    }
}
