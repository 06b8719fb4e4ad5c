using System.Collections.Immutable;

namespace Platform.Pci;

/// <summary>What may be done with a device, in Nova's words (B26).</summary>
public enum DeviceStatus
{
    Available,

    /// <summary>Promised to an instance.</summary>
    Claimed,

    /// <summary>An instance has it.</summary>
    Allocated,

    /// <summary>Its PF, or one of its VFs, is claimed.</summary>
    Unclaimable,

    /// <summary>Its PF, or one of its VFs, is allocated.</summary>
    Unavailable,
}

/// <summary>A device that its host has or had.</summary>
/// <param name="Instance">Whose it is; null when it is nobody's.</param>
/// <param name="Allocated">The instance has it, and not only the promise.</param>
/// <param name="Stale">What it has become while it was somebody's; takes effect when it is free
/// (B28).</param>
public sealed record TrackedDevice(
    PciDevice Device, Guid? Instance = null, bool Allocated = false, PciDevice? Stale = null);

/// <summary>
/// The devices of a host, who has them, and the pools of the available ones: Nova's PciDevTracker. The status
/// of a device follows from who has it and its relatives, and the pools hold exactly the available devices.
/// </summary>
/// <param name="Devices">All devices, as the host last had them.</param>
/// <param name="Pools">Of the available ones.</param>
public sealed record DeviceTracker(
    ImmutableSortedDictionary<PciAddress, TrackedDevice> Devices, DevicePools Pools)
{
    public static readonly DeviceTracker Empty =
        new(ImmutableSortedDictionary<PciAddress, TrackedDevice>.Empty, DevicePools.Empty);

    public DeviceStatus StatusOf(PciAddress address)
    {
        var tracked = Devices[address];
        if (tracked.Instance is not null)
            return tracked.Allocated ? DeviceStatus.Allocated : DeviceStatus.Claimed;
        if (new Exclusion(InUse(tracked => tracked.Allocated)).Blocks(tracked.Device))
            return DeviceStatus.Unavailable;
        return new Exclusion(InUse(_ => true)).Blocks(tracked.Device)
            ? DeviceStatus.Unclaimable
            : DeviceStatus.Available;
    }

    /// <summary>
    /// Takes over what the host has now. A device that somebody has stays as it was until it is free, also
    /// when it is gone.
    /// </summary>
    public DeviceTracker Sync(IReadOnlyList<PciDevice> present)
    {
        var seen = present.DistinctBy(device => device.Address).ToDictionary(device => device.Address);
        var devices = Devices.ToBuilder();
        foreach (var (address, tracked) in Devices)
            if (seen.TryGetValue(address, out var device))
                devices[address] = tracked.Instance is null ? new(device) : tracked with { Stale = device };
            else if (tracked.Instance is null)
                devices.Remove(address);
        foreach (var (address, device) in seen)
            devices.TryAdd(address, new(device));
        return (this with { Devices = devices.ToImmutable() })
            .Settle(seen.Values.Where(device => device != Devices.GetValueOrDefault(device.Address)?.Device));
    }

    /// <summary>Promises devices for all requests to an instance, or none and says why.</summary>
    public (DeviceTracker After, Allocation Allocation) Claim(
        Guid instance, IReadOnlyList<PciRequest> requests, NumaAffinity? numa = null)
    {
        var (left, allocation) = Pools.Consume(requests, numa);
        var devices = Devices.SetItems(allocation.Devices.Select(taken => KeyValuePair.Create(
            taken.Device.Address, Devices[taken.Device.Address] with { Instance = instance })));
        return (new(devices, left), allocation);
    }

    /// <summary>Gives an instance all that it was promised.</summary>
    public DeviceTracker Allocate(Guid instance) => this with
    {
        Devices = Devices.SetItems(Devices.Where(entry => entry.Value.Instance == instance)
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value with { Allocated = true }))),
    };

    /// <summary>Takes back all that an instance has or was promised, what it has first, as in Nova.</summary>
    public DeviceTracker Free(Guid instance) => Devices.Values
        .Where(tracked => tracked.Instance == instance)
        .OrderByDescending(tracked => tracked.Allocated)
        .Aggregate(this, (left, tracked) => left.Free(tracked));

    private DeviceTracker Free(TrackedDevice tracked)
    {
        var device = tracked.Device;
        var relatives = Devices.Values.Select(other => other.Device)
            .Where(other => other.Parent == device.Address || other.Address == device.Parent);
        var freed = tracked.Stale ?? device;
        return (this with { Devices = Devices.SetItem(device.Address, new(freed)) })
            .Settle([.. relatives, freed]);
    }

    /// <summary>With the pools of what is available; these devices come into them, in this order.</summary>
    private DeviceTracker Settle(IEnumerable<PciDevice> arriving)
    {
        var exclusion = new Exclusion(InUse(_ => true));
        var pools = Pools.Devices.Where(device => Devices.GetValueOrDefault(device.Address)?.Device != device)
            .Aggregate(Pools, (left, device) => Devices.TryGetValue(device.Address, out var now)
                ? left.Update(now.Device)
                : left.Remove(device.Address)!);
        foreach (var device in arriving.Where(device => Devices[device.Address].Instance is null))
            if (exclusion.Blocks(device))
                pools = pools.Remove(device.Address) ?? pools;
            else if (!pools.Contains(device.Address))
                pools = pools.Add(device);
        return this with { Pools = pools };
    }

    private IEnumerable<PciDevice> InUse(Func<TrackedDevice, bool> how) => Devices.Values
        .Where(tracked => tracked.Instance is not null && how(tracked))
        .Select(tracked => tracked.Device);
}
