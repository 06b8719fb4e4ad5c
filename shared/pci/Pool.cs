namespace Platform.Pci;

/// <summary>Functions of one host that no request can tell apart: a PCI stats entry.</summary>
/// <param name="Free">How many can be had now.</param>
/// <param name="Total">How many there are, free or not.</param>
public sealed record Pool(
    string VendorId, string ProductId, string DeviceType, int? NumaNode, DeviceTags Tags, int Free,
    int Total);

/// <summary>Counts devices into pools.</summary>
public static class Pools
{
    /// <summary>The pools of these devices, in the order of their lowest addresses.</summary>
    public static IReadOnlyList<Pool> From(IEnumerable<(PciDevice Device, bool Free)> devices) =>
    [
        .. from entry in devices
           orderby entry.Device.Address
           group entry.Free by PoolKey.Of(entry.Device) into pool
           select pool.Key.With(pool.Count(free => free), pool.Count()),
    ];

    /// <summary>The pools of these devices, all of them free.</summary>
    public static IReadOnlyList<Pool> From(IEnumerable<PciDevice> devices) =>
        From(devices.Select(device => (device, true)));
}

/// <summary>All that a request can see of a function.</summary>
internal readonly record struct PoolKey(
    string VendorId, string ProductId, string DeviceType, int? NumaNode, DeviceTags Tags)
{
    public static PoolKey Of(PciDevice device) =>
        new(device.VendorId, device.ProductId, device.Type, device.NumaNode, device.Tags);

    public Pool With(int free, int total) =>
        new(VendorId, ProductId, DeviceType, NumaNode, Tags, free, total);
}
