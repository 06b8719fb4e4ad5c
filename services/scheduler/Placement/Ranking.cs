using Platform.Pci;
using Platform.Scheduler.Domain;

namespace Platform.Scheduler.Placement;

/// <summary>
/// The hosts that have functions for one kind of request, in the order in which they are to be tried: those
/// that keep the most matching functions free first, so that load spreads; then by host id.
/// </summary>
/// <param name="request">Any request of that kind; null for boots that need no function, which go where the
/// fewest are left: hosts with PCI functions are for those who need them.</param>
internal sealed class Ranking(PciRequest? request)
{
    // Host ids are of ASCII letters.
    private const string AfterAllHosts = "\uffff";
    private readonly SortedSet<Place> places = new(Place.Order);
    private readonly Dictionary<string, Place> placeOf = new(StringComparer.Ordinal);

    /// <summary>All matching functions that are free, on hosts that are online.</summary>
    public long Free { get; private set; }

    /// <summary>When it was last asked, counted in choices.</summary>
    public long LastAsked { get; set; }

    public IEnumerable<string> HostIds => places.Select(place => place.HostId);

    /// <summary>The hosts with the fewest functions left first, from those that have so many; those of which
    /// more are spoken for come last.</summary>
    public IEnumerable<string> FullestFirst(long least)
    {
        if (request is null || places.Count == 0)
            return HostIds;
        var last = new Place(AfterAllHosts, 0, least);
        return (places.Min!.Rank < least ? [] : places.GetViewBetween(places.Min, last).Reverse())
            .Concat(places.Where(place => place.Rank < least)).Select(place => place.HostId);
    }

    /// <summary>Matching functions of a host; 0 when it is offline.</summary>
    public long FreeOf(string hostId) => placeOf.TryGetValue(hostId, out var place) ? place.Free : 0;

    /// <summary>Costs the host's pools and the logarithm of the hosts.</summary>
    public void Update(KnownHost host)
    {
        if (placeOf.Remove(host.HostId, out var before))
        {
            places.Remove(before);
            Free -= before.Free;
        }

        if (!host.Online)
            return;
        var free = 0L;
        foreach (var pool in host.Pools)
            if (request is null || request.Meets(pool))
                free += pool.Free;
        if (request is not null && free == 0)
            return;
        var place = new Place(host.HostId, free, (request is null ? -free : free) - host.Assumed);
        places.Add(place);
        placeOf.Add(host.HostId, place);
        Free += free;
    }

    private sealed record Place(string HostId, long Free, long Rank)
    {
        public static readonly Comparer<Place> Order = Comparer<Place>.Create((one, other) =>
            one.Rank != other.Rank
                ? other.Rank.CompareTo(one.Rank)
                : string.CompareOrdinal(one.HostId, other.HostId));
    }
}
