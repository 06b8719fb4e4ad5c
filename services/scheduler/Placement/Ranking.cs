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
    private readonly KindsMet? met = request is null ? null : new([request]);
    private readonly SortedSet<Place> places = [];
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
    public long FreeOf(string hostId) => placeOf.GetValueOrDefault(hostId).Free;

    /// <summary>Costs the host's pools, and the logarithm of the hosts when its place changes.</summary>
    public void Update(KnownHost host)
    {
        var place = PlaceOf(host);
        var before = placeOf.GetValueOrDefault(host.HostId);
        if (place == before)
            return;
        if (before.HostId is not null)
            places.Remove(before);
        if (place.HostId is null)
        {
            placeOf.Remove(host.HostId);
        }
        else
        {
            places.Add(place);
            placeOf[host.HostId] = place;
        }

        Free += place.Free - before.Free;
    }

    // That of no host, when it is not in the order.
    private Place PlaceOf(KnownHost host)
    {
        if (!host.Online)
            return default;
        if (met is null)
            return new(host.HostId, 0, -host.Pools.Sum(pool => (long)pool.Free) - host.Assumed);
        var free = met.FreeOf(host.Pools);
        return free == 0 ? default : new(host.HostId, free, free - host.Assumed);
    }

    private readonly record struct Place(string HostId, long Free, long Rank) : IComparable<Place>
    {
        public int CompareTo(Place other) => Rank != other.Rank
            ? other.Rank.CompareTo(Rank)
            : string.CompareOrdinal(HostId, other.HostId);
    }
}
