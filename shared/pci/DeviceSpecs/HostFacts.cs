namespace Platform.Pci.DeviceSpecs;

/// <summary>What sysfs says of a host, as far as a device spec asks.</summary>
/// <param name="PhysicalFunctions">Functions whose <c>sriov_totalvfs</c> is above 0.</param>
/// <param name="Netdevs">Network device names, as in <c>/sys/class/net</c>, and the functions behind them.
/// </param>
public sealed record HostFacts(
    IReadOnlyDictionary<PciAddress, PfIds> PhysicalFunctions,
    IReadOnlyDictionary<string, PciAddress> Netdevs)
{
    /// <summary>A host without physical functions and network devices.</summary>
    public static readonly HostFacts None = new(
        new Dictionary<PciAddress, PfIds>(), new Dictionary<string, PciAddress>());
}

/// <summary>The ids of a PF and its VFs: four hex digits, lower case; null when the host does not say.
/// </summary>
/// <param name="VfProductId">What <c>sriov_vf_device</c> says.</param>
public sealed record PfIds(string? VendorId, string? ProductId, string? VfProductId);

/// <summary>A function as the host reports it, before any spec offers it.</summary>
/// <param name="Address">As reported, and perhaps no address that we could handle: domains above
/// <c>ffff</c> exist (AX3).</param>
/// <param name="VendorId">Four hex digits, lower case.</param>
/// <param name="ParentAddress">Of a VF: its PF, as reported.</param>
/// <param name="CardSerialNumber">From the PCI VPD.</param>
/// <param name="VfIndex">Of a VF: N of the PF's <c>virtfnN</c>.</param>
public sealed record ReportedDevice(
    string Address, string VendorId, string ProductId, string? ParentAddress = null,
    string? CardSerialNumber = null, int? VfIndex = null);
