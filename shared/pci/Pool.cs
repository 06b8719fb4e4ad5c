namespace Platform.Pci;

/// <summary>Functions of one host that no request can tell apart: a PCI stats entry (B1-B6, B25).</summary>
/// <param name="Free">How many can be had now.</param>
/// <param name="Total">How many there are, free or not.</param>
/// <param name="FreeByPf">The free ones by their PFs; null when that is not known.</param>
public sealed record Pool(
    string VendorId, string ProductId, string DeviceType, int? NumaNode, DeviceTags Tags, int Free,
    int Total, PfCounts? FreeByPf = null)
{
    // A pool told by somebody who left out what goes without saying is the same pool.
    internal PoolKey Key() => new(
        VendorId, ProductId, DeviceType, NumaNode,
        DeviceType == Pci.DeviceType.Pci ? Tags : Tags.Managed());
}

/// <summary>Counts devices into pools.</summary>
public static class Pools
{
    /// <summary>
    /// The pools of these devices: those with the fewest tags first, as in Nova, then in the order of their
    /// lowest addresses.
    /// </summary>
    public static IReadOnlyList<Pool> From(IEnumerable<(PciDevice Device, bool Free)> devices) =>
    [
        .. from entry in devices
           orderby entry.Device.Address
           group entry by PoolKey.Of(entry.Device) into pool
           orderby pool.Key.Tags.Count
           let free = pool.Where(entry => entry.Free).Select(entry => entry.Device).ToList()
           select pool.Key.With(free.Count, pool.Count(), PfCounts.Of(free)),
    ];

    /// <summary>The pools of these devices, all of them free.</summary>
    public static IReadOnlyList<Pool> From(IEnumerable<PciDevice> devices) =>
        From(devices.Select(device => (device, true)));
}

/// <summary>All that a request can see of a function.</summary>
internal readonly record struct PoolKey(
    string VendorId, string ProductId, string DeviceType, int? NumaNode, DeviceTags Tags)
{
    /// <summary>
    /// Network functions say whether they are <c>remote_managed</c>, also when their device spec does not.
    /// </summary>
    public static PoolKey Of(PciDevice device) => new(
        device.VendorId, device.ProductId, device.Type, device.NumaNode,
        device.Type == Pci.DeviceType.Pci ? device.Tags : device.Tags.Managed());

    public Pool With(int free, int total, PfCounts? freeByPf = null) =>
        new(VendorId, ProductId, DeviceType, NumaNode, Tags, free, total, freeByPf);
}
