using System.Collections.Concurrent;
using Platform.Contracts.Inventory;
using Platform.Pci;
using Platform.Scheduler.Domain;

namespace Platform.Scheduler.Placement;

/// <summary>
/// Every host's pools as this replica knows them, fed by PoolsChanged, by the snapshot at start, and by
/// refused claims. A higher version replaces, a lower one is ignored, so the order of arrival does not
/// matter. A choice looks at the hosts in their order until one fits; only a refusal looks at all.
/// </summary>
public sealed class HostIndex
{
    // Kinds of requests: networks by device types, and aliases. More only cost time to rank anew.
    private const int RankingsMax = 256;
    // No request is of this kind: one without alternatives is of the kind "".
    private const string NoKind = "\0";
    private const int LooksMax = 100;

    private readonly Lock changing = new();
    private readonly ConcurrentDictionary<string, KnownHost> hosts = new(StringComparer.Ordinal);
    private readonly HashSet<DeviceTags> allTags = [];
    private readonly Dictionary<string, Ranking> rankings = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long choices;

    /// <summary>Completes when a snapshot has been merged: before that nobody may be refused.</summary>
    public Task Loaded => loaded.Task;

    public void MarkLoaded() => loaded.TrySetResult();

    public void Apply(PoolsChanged change)
    {
        lock (changing)
        {
            var known = hosts.GetValueOrDefault(change.HostId);
            if (known is null || known.Version <= change.Version)
                Put(new(
                    change.HostId, change.Version, change.Online,
                    [.. change.Pools.Select((pool, index) => ToPool(pool, known?.Pools, index))],
                    [.. (change.NumaCells ?? []).Select(cell => new NumaCell(cell.Id, cell.Socket))],
                    Assumed: 0));
        }
    }

    /// <summary>
    /// Chooses the host that keeps the most functions free of the kind that is scarcest of those asked for,
    /// or the fewest when the boot wishes to be packed, and assumes the functions taken until a newer version
    /// says what is true. A host is refused by what its pools say, never by what is assumed: an assumed claim
    /// may yet fail.
    /// </summary>
    /// <param name="tried">Hosts this boot has failed on, with the reason.</param>
    public Choice Choose(Wish wish, IReadOnlyDictionary<string, Refusal> tried)
    {
        var verdicts = new PoolVerdicts(wish.Demand);
        for (var look = 0; look < LooksMax; look++)
        {
            if (TryTake(wish, tried, verdicts) is { } chosen)
                return chosen;
            // A host that came meanwhile is no reason to refuse.
            if (Choice.Refuse(wish.Demand, HostsFor(wish), tried, verdicts) is { } refused)
                return refused;
        }

        throw new InvalidOperationException(
            $"No ranked host has room for {wish.Demand.Requests.Count} requests, and none says why: "
                + "the index is wrong.");
    }

    /// <summary>
    /// What each host has to say to a wish, as its pools are now: null for one that would do. Nothing is
    /// chosen (U20).
    /// </summary>
    public IReadOnlyList<(KnownHost Host, Refusal? Refusal)> Explain(
        Wish wish, IReadOnlyDictionary<string, Refusal> tried) =>
    [
        .. Choice.Explain(wish.Demand, HostsFor(wish), tried)
            .OrderBy(verdict => verdict.Refusal is not null).ThenBy(verdict => verdict.Refusal?.Missing)
            .ThenBy(verdict => verdict.Host.HostId, StringComparer.Ordinal),
    ];

    private IEnumerable<KnownHost> HostsFor(Wish wish)
    {
        if (wish.HostId is null)
            return hosts.Select(host => host.Value);
        return hosts.TryGetValue(wish.HostId, out var only) ? [only] : [];
    }

    private Choice.Chosen? TryTake(
        Wish wish, IReadOnlyDictionary<string, Refusal> tried, PoolVerdicts verdicts)
    {
        var requests = wish.Demand.Requests;
        var isPlain = wish.Demand.IsPlain;
        lock (changing)
        {
            var kinds = requests.Where(request => request.Count > 0)
                .GroupBy(RequestKind.Of, StringComparer.Ordinal)
                .OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => new Wanted(
                    RankingOf(kind.Key, kind.First()), kind.Sum(request => (long)request.Count)))
                .ToList();
            var order = kinds.MinBy(kind => kind.Ranking.Free)?.Ranking ?? RankingOf(NoKind, null);
            foreach (var hostId in HostIds(wish, order, kinds))
            {
                if (tried.ContainsKey(hostId)
                    || kinds.Exists(kind => kind.Ranking.FreeOf(hostId) < kind.Count))
                    continue;
                var host = hosts[hostId];
                // Kinds may share functions: then having enough for each is not having enough for all. Nor is
                // it where functions must lie somewhere.
                if ((kinds.Count > 1 || !isPlain)
                    && verdicts.Lack(host.Pools, host.NumaCells) is not null)
                    continue;
                Put(host with { Assumed = host.Assumed + requests.Sum(request => request.Count) });
                return new(host.HostId, host.Version);
            }

            return null;
        }
    }

    private IEnumerable<string> HostIds(Wish wish, Ranking order, List<Wanted> kinds)
    {
        if (wish.HostId is { } only)
            return hosts.TryGetValue(only, out var host) && host.Online ? [only] : [];
        var least = kinds.Find(kind => kind.Ranking == order)?.Count ?? 0;
        return wish.Pack ? order.FullestFirst(least) : order.HostIds;
    }

    private void Put(KnownHost host)
    {
        hosts[host.HostId] = host;
        foreach (var ranking in rankings.Values)
            ranking.Update(host);
    }

    private Ranking RankingOf(string kind, PciRequest? request)
    {
        if (!rankings.TryGetValue(kind, out var ranking))
        {
            if (rankings.Count == RankingsMax)
                rankings.Remove(rankings.MinBy(known => known.Value.LastAsked).Key);
            ranking = rankings[kind] = new(request);
            foreach (var host in hosts.Values)
                ranking.Update(host);
        }

        ranking.LastAsked = ++choices;
        return ranking;
    }

    // Hosts have the same few tags: they are kept once. A host's pools hardly ever get others.
    private Pool ToPool(DevicePool pool, IReadOnlyList<Pool>? before, int index)
    {
        var tags = index < before?.Count ? before[index].Tags : null;
        if (tags?.Says(pool.Tags) != true)
            tags = Kept(new(pool.Tags));
        return new(
            pool.VendorId, pool.ProductId, pool.DeviceType, pool.NumaNode, tags, pool.Free, pool.Total,
            PfCounts.Read(pool.FreeByPf, pool.Free));
    }

    private DeviceTags Kept(DeviceTags tags)
    {
        if (allTags.TryGetValue(tags, out var known))
            return known;
        allTags.Add(tags);
        return tags;
    }

    private sealed record Wanted(Ranking Ranking, long Count);
}
