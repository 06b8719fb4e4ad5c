namespace Platform.Contracts.HostAgent;

/// <summary>A PCI function as its host's agent sees it.</summary>
/// <param name="Address"><c>dddd:bb:ss.f</c>, lower case.</param>
/// <param name="VendorId">Four hex digits, lower case.</param>
/// <param name="DeviceType"><c>type-PCI</c>, <c>type-PF</c> or <c>type-VF</c>.</param>
/// <param name="ParentAddress">Of a VF: its PF.</param>
/// <param name="VfIndex">Of a VF: N of the PF's <c>virtfnN</c>, from 0.</param>
/// <param name="NumaNode">Null when the host does not say (sysfs: -1).</param>
/// <param name="TotalVfs">Of a PF: <c>sriov_totalvfs</c>.</param>
/// <param name="NumVfs">Of a PF: <c>sriov_numvfs</c>.</param>
/// <param name="PfMacAddress">The MAC address of the PF, on the PF and on its VFs.</param>
/// <param name="Tags">From the device spec entry that matched, <c>physical_network</c> among them. A function
/// that no entry matches is not offered; the agent leaves it out.</param>
/// <param name="IommuGroup">Null when it is in none, or not known.</param>
/// <param name="IommuPeers">How many other functions of the host are in the group, offered or not, bridges
/// not counted; null, when it is not known, is read as none.</param>
public sealed record Device(
    string Address,
    string VendorId,
    string ProductId,
    string DeviceType,
    string? ParentAddress,
    int? VfIndex,
    int? NumaNode,
    int? TotalVfs,
    int? NumVfs,
    string? PfMacAddress,
    string? CardSerialNumber,
    IReadOnlyDictionary<string, string?> Tags,
    int? IommuGroup = null,
    int? IommuPeers = null);
