using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>
/// What of a host can be had. Of a PF and its VFs, and of the functions of an IOMMU group, whichever is in
/// use, being cleaned or quarantined makes the others unavailable until it is free again.
/// </summary>
public sealed class Offer
{
    private readonly HostInventory host;
    private readonly Exclusion exclusion;
    private readonly IommuGroups groups;

    public Offer(HostInventory host)
    {
        this.host = host;
        var inUse =
            (from function in host.Functions.Values
             where function.Use != Use.Free
             // What it has become meanwhile may have another parent or group, or one at last.
             from device in new[] { function.Device, function.Altered }
             where device is not null
             select device).ToList();
        exclusion = new(inUse);
        groups = new(inUse);
    }

    public bool Has(Function function) => function.Use == Use.Free
        && !exclusion.Blocks(function.Device) && !groups.Blocks(function.Device);

    /// <summary>Why a function in no use itself cannot be had, as a sentence; null for any other.</summary>
    public string? WhyNot(Function function) => function.Use == Use.Free
        ? exclusion.Why(function.Device) ?? groups.Why(function.Device)
        : null;

    public IEnumerable<PciDevice> Devices() =>
        host.Functions.Values.Where(Has).Select(function => function.Device);

    /// <summary>All functions of the host, counted.</summary>
    public IReadOnlyList<Pool> Pools() =>
        Pci.Pools.From(host.Functions.Values.Select(function => (function.Device, Has(function))));
}
