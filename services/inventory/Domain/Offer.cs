using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>
/// What of a host can be had. A PF and its VFs exclude each other: whichever is in use, being cleaned or
/// quarantined makes the other unavailable until it is free again.
/// </summary>
public sealed class Offer(HostInventory host)
{
    private readonly Exclusion exclusion = new(
        from function in host.Functions.Values
        where function.Use != Use.Free
        // What it has become meanwhile may have another parent, or one at last.
        from device in new[] { function.Device, function.Altered }
        where device is not null
        select device);

    public bool Has(Function function) => function.Use == Use.Free && !exclusion.Blocks(function.Device);

    public IEnumerable<PciDevice> Devices() =>
        host.Functions.Values.Where(Has).Select(function => function.Device);

    /// <summary>All functions of the host, counted.</summary>
    public IReadOnlyList<Pool> Pools() =>
        Pci.Pools.From(host.Functions.Values.Select(function => (function.Device, Has(function))));
}
