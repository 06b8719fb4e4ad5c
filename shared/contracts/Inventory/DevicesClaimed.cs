namespace Platform.Contracts.Inventory;

/// <summary>The claim holds these functions until it is released, or its lease ends unconfirmed.</summary>
/// <param name="Generation">The fencing token of everything done for this claim: the stream's version at the
/// claim.</param>
/// <param name="GuestNumaCells">The NUMA cells that the guest shall run on, near to its functions; null when
/// the claim asked for none.</param>
public sealed record DevicesClaimed(
    Guid BootId,
    Guid ClaimId,
    string HostId,
    long Generation,
    IReadOnlyList<ClaimedDevice> Devices,
    DateTimeOffset LeaseUntil,
    IReadOnlyList<int>? GuestNumaCells = null);

/// <summary>One function held, and the request it was taken for.</summary>
public sealed record ClaimedDevice(
    Guid RequestId,
    string Address,
    string VendorId,
    string ProductId,
    string DeviceType,
    string? ParentAddress,
    int? VfIndex,
    int? NumaNode,
    string? PfMacAddress,
    string? CardSerialNumber,
    IReadOnlyDictionary<string, string?> Tags);
