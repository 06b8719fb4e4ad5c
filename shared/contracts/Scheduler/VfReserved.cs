namespace Platform.Contracts.Scheduler;

/// <summary>
/// The boot holds these functions on this host under this claim. It is also an order to network-binding: bind
/// the ports, and answer PortsBound or PortBindingFailed. May be published again while the answer is missing.
/// </summary>
/// <param name="Generation">The claim's fencing token: the host stream's version at the claim.</param>
/// <param name="NotAfter">After this moment the order is void.</param>
/// <param name="Nics">Every NIC of the boot, in order; those of vnic type normal hold no function.</param>
/// <param name="Devices">The functions asked for by alias.</param>
/// <param name="GuestNumaCells">The NUMA cells of the host that the guest shall run on; null when NUMA does
/// not matter to it.</param>
public sealed record VfReserved(
    Guid BootId,
    string VmId,
    Guid ClaimId,
    string HostId,
    long Generation,
    DateTimeOffset NotAfter,
    IReadOnlyList<ReservedNic> Nics,
    IReadOnlyList<ReservedDevice>? Devices = null,
    IReadOnlyList<int>? GuestNumaCells = null);

/// <summary>One NIC and the function reserved for it.</summary>
/// <param name="RequestId">The <c>pci_request_id</c> that ties port, function and guest device
/// together.</param>
/// <param name="Function">Null for a port of vnic type normal.</param>
public sealed record ReservedNic(
    string PortId, Guid RequestId, string? PhysicalNetwork, ReservedFunction? Function);

/// <summary>One function held for an alias.</summary>
/// <param name="RequestId">Shared by all functions of one <c>name:count</c>.</param>
public sealed record ReservedDevice(Guid RequestId, string Alias, ReservedFunction Function);

/// <summary>A PCI function as the port's binding and the guest's device need to know it.</summary>
/// <param name="Address"><c>dddd:bb:ss.f</c>, lower case.</param>
/// <param name="DeviceType"><c>type-PCI</c>, <c>type-PF</c> or <c>type-VF</c>.</param>
public sealed record ReservedFunction(
    string Address,
    string VendorId,
    string ProductId,
    string DeviceType,
    string? ParentAddress,
    int? VfIndex,
    int? NumaNode,
    string? PfMacAddress,
    string? CardSerialNumber);
