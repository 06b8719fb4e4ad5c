namespace Platform.Pci;

/// <summary>A PCI function that its host's device spec offers.</summary>
/// <param name="VendorId">Four hex digits, lower case.</param>
/// <param name="Type">One of <see cref="DeviceType"/>.</param>
/// <param name="Parent">Of a VF: its PF.</param>
/// <param name="VfIndex">Of a VF: N of the PF's <c>virtfnN</c>.</param>
/// <param name="NumaNode">Null when the host does not say.</param>
/// <param name="TotalVfs">Of a PF: how many VFs it can have.</param>
/// <param name="NumVfs">Of a PF: how many VFs it has.</param>
/// <param name="IommuGroup">Null when it is in none, or not known.</param>
/// <param name="IommuPeers">How many other functions of the host are in the group, offered or not, bridges
/// not counted; null, when it is not known, is read as none.</param>
public sealed record PciDevice(
    PciAddress Address,
    string VendorId,
    string ProductId,
    string Type,
    PciAddress? Parent,
    int? VfIndex,
    int? NumaNode,
    string? PfMacAddress,
    string? CardSerialNumber,
    DeviceTags Tags,
    int? TotalVfs = null,
    int? NumVfs = null,
    int? IommuGroup = null,
    int? IommuPeers = null);
