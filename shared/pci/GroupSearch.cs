using System.Globalization;

namespace Platform.Pci;

/// <summary>
/// Finds functions for a demand's groups: gives each function of a group its PF or card, one group after the
/// other, until the whole can be met. Places that cannot be told apart are tried once, so that eight NICs on
/// eight equal PFs are as cheap as one (U21).
/// </summary>
internal sealed class GroupSearch
{
    private readonly List<PciDevice> devices;
    private readonly Dictionary<PciAddress, PciDevice> marked;
    private readonly DevicePools pools;
    private readonly IReadOnlyList<FunctionGroup> groups;
    private readonly NumaAffinity? numa;
    private readonly HashSet<PciAddress> pinned;
    private readonly Dictionary<PoolKey, int> keys = [];
    private readonly Tries tries;
    private readonly List<Located>?[] placesOf;

    private GroupSearch(List<PciDevice> devices, Demand demand, NumaAffinity? numa, Tries tries)
    {
        this.tries = tries;
        this.devices = devices;
        marked = Place.Mark(devices, demand).ToDictionary(device => device.Address);
        pools = DevicePools.Of(devices.Select(device => marked[device.Address]));
        groups = demand.Groups;
        placesOf = new List<Located>?[groups.Count];
        this.numa = numa;
        pinned = demand.Requests.Select(request => request.Pin).OfType<PciAddress>().ToHashSet();
    }

    /// <param name="devices">Those that can be had, in the order they are to be taken in.</param>
    /// <param name="tries">Those left to all searches for one answer.</param>
    public static Allocation Find(
        List<PciDevice> devices, Demand demand, NumaAffinity? numa, Tries tries)
    {
        if (demand.Groups.Count == 0 && demand.Requests.All(request => request.Pin is null))
            return DevicePools.Of(devices).Consume(demand.Requests, numa).Allocation;

        var requests = demand.Requests.Select(Place.Pinned).ToList();
        var search = new GroupSearch(devices, demand, numa, tries);
        var loose = search.pools.Consume(requests, numa).Allocation;
        if (loose.Shortfall is not null)
            return loose;

        var members = demand.Groups.SelectMany(group => group.RequestIds).ToHashSet();
        var found = demand.Groups.Count == 0
            ? loose
            : search.From(0, [.. requests.SelectMany(request => members.Contains(request.RequestId)
                ? Enumerable.Repeat(request with { Count = 1 }, request.Count)
                : [request])]);
        if (found is null)
            return new([], search.Refusal(demand));
        var known = devices.ToDictionary(device => device.Address);
        return new(
            [.. found.Devices.Select(taken => taken with { Device = known[taken.Device.Address] })], null);
    }

    /// <summary>The groups from this one on; null when there is no way found.</summary>
    private Allocation? From(int group, IReadOnlyList<PciRequest> requests)
    {
        if (group == groups.Count)
            return tries.Left-- > 0 && pools.Consume(requests, numa).Allocation is { Shortfall: null } all
                ? all
                : null;

        var places = PlacesOf(group);
        var members = Enumerable.Range(0, requests.Count)
            .Where(index => groups[group].RequestIds.Contains(requests[index].RequestId))
            .ToList();
        if (members.Count == 0)
            return From(group + 1, requests);
        if (groups[group].Grouping == Grouping.Pack)
            return Pack(group, requests, members, places);
        var canSpread = new Assignment(
            [.. members.Select(_ => 1)], [.. places.Select(_ => 1)],
            (member, place) => places[place].Has(requests[members[member]])).Fill() is null;
        return canSpread ? Spread(group, requests, members, places, 0) : null;
    }

    private Allocation? Pack(
        int group, IReadOnlyList<PciRequest> requests, List<int> members, List<Located> places)
    {
        var tried = new HashSet<string>();
        // The fullest place that will do: what is left whole may take a bigger group.
        foreach (var place in Enumerable.Reverse(places))
            if (place.Free >= members.Count && members.All(member => place.Has(requests[member]))
                && tried.Add(place.Kind)
                && From(group + 1, [.. requests.Select((request, index) =>
                    members.Contains(index) ? place.Only(request) : request)]) is { } found)
                return found;
        return null;
    }

    private Allocation? Spread(
        int group, IReadOnlyList<PciRequest> requests, List<int> members, List<Located> left, int next)
    {
        if (next == members.Count)
            return From(group + 1, requests);
        var tried = new HashSet<string>();
        foreach (var place in left)
        {
            if (tries.Left <= 0)
                return null;
            if (!place.Has(requests[members[next]]) || !tried.Add(place.Kind))
                continue;
            tries.Left--;
            var placed = requests.ToList();
            placed[members[next]] = place.Only(requests[members[next]]);
            var others = left.Where(other => other != place).ToList();
            if (Spread(group, placed, members, others, next + 1) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The places that a group may take, those with the most free functions first.</summary>
    private List<Located> PlacesOf(int group)
    {
        var by = groups[group].By;
        return placesOf[group] ??=
        [
            .. devices.GroupBy(device => Place.Of(by, device))
                .Select(place => new Located(
                    by, place.Key,
                    // Once a group has taken places, those are not like the others any more.
                    group == 0 ? KindOf(place) : place.Key,
                    place.Count(),
                    [.. place.Select(device => PoolKey.Of(marked[device.Address])).Distinct()],
                    numa))
                .OrderByDescending(place => place.Free)
                .ThenBy(place => place.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Places of one kind have as many functions of each sort under as many PFs.</summary>
    private string KindOf(IEnumerable<PciDevice> place) => string.Join('/', place
        .GroupBy(device => device.Parent ?? device.Address)
        .Select(pf => string.Join(
            ' ', pf.CountBy(SortOf).Select(sort => $"{sort.Value}x{sort.Key}").Order(StringComparer.Ordinal)))
        .Order(StringComparer.Ordinal));

    private string SortOf(PciDevice device)
    {
        if (pinned.Contains(device.Address))
            return device.Address.ToString();
        var key = PoolKey.Of(device);
        if (!keys.TryGetValue(key, out var number))
            keys.Add(key, number = keys.Count);
        return number.ToString(CultureInfo.InvariantCulture);
    }

    private Shortfall Refusal(Demand demand)
    {
        var members = demand.Requests
            .Where(request => groups.Any(group => group.RequestIds.Contains(request.RequestId)))
            .ToList();
        var asked = members.Sum(request => (long)request.Count);
        var how = string.Join(" and ", groups.Select(group => group.Describe()).Distinct());
        return new(
            [.. members.Select(request => request.RequestId)], asked, asked,
            $"{asked} functions {how} asked, {Why(members, asked)}", Lack.Grouping);
    }

    private string Why(List<PciRequest> members, long asked)
    {
        if (tries.Left <= 0)
            return $"no way was found in {Tries.Max} tries";
        var places = groups.Count > 1 ? [] : PlacesOf(0)
            .FindAll(place => members.Exists(member => place.Has(Place.Pinned(member))));
        return groups switch
        {
            [{ Grouping: Grouping.Spread }] when places.Count < asked => $"those free are on {places.Count}",
            [{ Grouping: Grouping.Pack }] when !places.Exists(place => place.Free >= asked) =>
                $"at most {places.Max(place => place.Free)} are free on one",
            _ => "there are enough free, but not so",
        };
    }

    /// <summary>How often places may still be tried.</summary>
    public sealed class Tries
    {
        // Hosts have few kinds of places: so many tries only a made-up host and boot can want.
        public const int Max = 500;

        public int Left { get; set; } = Max;
    }

    /// <summary>A PF or card with what is free of it.</summary>
    private sealed record Located(
        GroupedBy By, string Name, string Kind, int Free, IReadOnlyList<PoolKey> Keys, NumaAffinity? Numa)
    {
        public bool Has(PciRequest request) => Keys.Any(key => request.Meets(key)
            && Numa?.Allows(request.NumaPolicy ?? NumaPolicy.Legacy, key.NumaNode) != false);

        public PciRequest Only(PciRequest request) => Place.At(request, By, Name);
    }
}
