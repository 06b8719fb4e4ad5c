using System.Collections.Immutable;

namespace Platform.Pci;

/// <summary>
/// The functions of a host that can be had, in pools: Nova's PciDeviceStats of a compute node. Pools with the
/// fewest tags come first, then the older ones. Of a pool, the function that came last is taken first.
/// Immutable: what is refused leaves no trace.
/// </summary>
public sealed class DevicePools
{
    public static readonly DevicePools Empty = new([]);

    private readonly ImmutableArray<Entry> entries;

    private DevicePools(ImmutableArray<Entry> entries) => this.entries = entries;

    /// <summary>All functions, in the order of the pools.</summary>
    public IEnumerable<PciDevice> Devices => entries.SelectMany(entry => entry.Devices);

    /// <summary>Pools of these devices, of which the earlier is taken first.</summary>
    public static DevicePools Of(IEnumerable<PciDevice> devices) => new(
    [
        .. from device in devices
           group device by PoolKey.Of(device) into pool
           orderby pool.Key.Tags.Count
           select new Entry(pool.Key, [.. pool.Reverse()]),
    ]);

    /// <summary>The pools, counted: all that requests are checked against. Not by PF.</summary>
    public IReadOnlyList<Pool> Count() =>
        [.. entries.Select(entry => entry.Key.With(entry.Devices.Length, entry.Devices.Length))];

    public bool Contains(PciAddress address) => Find(address).Entry >= 0;

    /// <summary>With this device, as the last of its pool. One of its address takes its new place.</summary>
    public DevicePools Add(PciDevice device)
    {
        if (Remove(device.Address) is { } others)
            return others.Add(device);
        var key = PoolKey.Of(device);
        for (var index = 0; index < entries.Length; index++)
            if (entries[index].Key == key)
                return With(index, entries[index].Devices.Add(device));

        var place = 0;
        while (place < entries.Length && entries[place].Key.Tags.Count <= key.Tags.Count)
            place++;
        return new(entries.Insert(place, new(key, [device])));
    }

    /// <summary>
    /// Without this device, and without its pool if it was the last; null when it is not there.
    /// </summary>
    public DevicePools? Remove(PciAddress address)
    {
        var (entry, place) = Find(address);
        if (entry < 0)
            return null;
        var devices = entries[entry].Devices.RemoveAt(place);
        return devices.IsEmpty ? new(entries.RemoveAt(entry)) : With(entry, devices);
    }

    /// <summary>
    /// With the device as it is now: where it was, or in another pool (B29). Unchanged when it is not there.
    /// </summary>
    public DevicePools Update(PciDevice device)
    {
        var (entry, place) = Find(device.Address);
        if (entry < 0)
            return this;
        return entries[entry].Key == PoolKey.Of(device)
            ? With(entry, entries[entry].Devices.SetItem(place, device))
            : Add(device);
    }

    /// <summary>
    /// Without the device, which is taken: its pool stays, and what it excludes goes with it.
    /// </summary>
    public DevicePools Take(PciDevice device)
    {
        var (entry, place) = Find(device.Address);
        var left = With(entry, entries[entry].Devices.RemoveAt(place));
        return device.Parent is { } pf ? left.Remove(pf) ?? left : left.WithoutVfsOf(device.Address);
    }

    /// <summary>
    /// Functions for all requests, and the pools without them; or a shortfall, and these pools.
    /// </summary>
    /// <param name="numa">Where the guest runs; null when that does not matter.</param>
    public (DevicePools Left, Allocation Allocation) Consume(
        IReadOnlyList<PciRequest> requests, NumaAffinity? numa = null)
    {
        var taken = new List<Allocated>();
        var left = this;
        foreach (var request in requests)
            if (left.Take(request, numa, taken) is { } rest)
                left = rest;
            else
                return ConsumeExactly(requests, numa);
        return (left, new(taken, null));
    }

    internal DevicePools WithoutVfsOf(PciAddress pf) =>
        Devices.Where(device => device.Parent == pf).Aggregate(this, (left, vf) => left.Remove(vf.Address)!);

    /// <summary>The PFs of this one's pool with as many VFs in each pool, itself among them.</summary>
    internal IEnumerable<PciAddress> AlikePfs(PciAddress pf)
    {
        var vfs = Devices.Where(device => device.Parent is not null)
            .ToLookup(device => device.Parent!.Value, PoolKey.Of);
        var counts = vfs[pf].CountBy(key => key).ToHashSet();
        return entries[Find(pf).Entry].Devices.Select(device => device.Address)
            .Where(other => counts.SetEquals(vfs[other].CountBy(key => key)));
    }

    /// <summary>The device that would be taken as the <paramref name="nth"/> of this pool, from 0.</summary>
    internal PciDevice Next(int pool, int nth) => entries[pool].Devices[^(nth + 1)];

    // As Nova does: for each request in turn, from the first pools that it may use.
    private DevicePools? Take(PciRequest request, NumaAffinity? numa, List<Allocated> taken)
    {
        if (Fit.Eligible(Count(), request, numa) is not { } eligible)
            return null;
        var left = this;
        var missing = request.Count;
        foreach (var key in eligible.Select(pool => entries[pool].Key))
            for (; missing > 0 && left.entries.FirstOrDefault(entry => entry.Key == key) is { } entry
                && !entry.Devices.IsEmpty; missing--)
            {
                taken.Add(new(request.RequestId, entry.Devices[^1]));
                left = left.Take(entry.Devices[^1]);
            }

        return missing > 0 ? null : left;
    }

    private (DevicePools, Allocation) ConsumeExactly(IReadOnlyList<PciRequest> requests, NumaAffinity? numa)
    {
        var picked = Allocation.Exactly(this, requests, numa);
        return (picked.Devices.Aggregate(this, (left, taken) => left.Take(taken.Device)), picked);
    }

    private DevicePools With(int entry, ImmutableArray<PciDevice> devices) =>
        new(entries.SetItem(entry, entries[entry] with { Devices = devices }));

    private (int Entry, int Place) Find(PciAddress address)
    {
        for (var entry = 0; entry < entries.Length; entry++)
        {
            var devices = entries[entry].Devices;
            for (var place = 0; place < devices.Length; place++)
                if (devices[place].Address == address)
                    return (entry, place);
        }

        return (-1, -1);
    }

    private sealed record Entry(PoolKey Key, ImmutableArray<PciDevice> Devices);
}
