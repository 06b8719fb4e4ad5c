namespace Platform.NetworkBinding.Domain;

/// <summary>What can happen to a port (stored for ever).</summary>
public abstract record PortEvent;

/// <summary>A port was made.</summary>
/// <param name="Segment">Its network's, which never changes, and outlives the port.</param>
public sealed record PortCreated(
    string NetworkId,
    Segment Segment,
    string ProjectId,
    PortAttributes Attributes,
    ManualBinding Binding,
    DateTimeOffset At) : PortEvent;

/// <summary>A user changed what a user may change.</summary>
/// <param name="Binding">The manual binding after the change.</param>
public sealed record PortUpdated(
    PortAttributes Attributes, ManualBinding Binding, DateTimeOffset At) : PortEvent;

/// <summary>A boot's claim has the port.</summary>
public sealed record PortBound(PortClaim Claim, DateTimeOffset At) : PortEvent;

/// <summary>
/// The claim does not have the port, and never will again. Recorded also when it never had it.
/// </summary>
public sealed record PortUnbound(Guid ClaimId, DateTimeOffset At) : PortEvent;

/// <summary>The port is no more.</summary>
public sealed record PortDeleted(DateTimeOffset At) : PortEvent;

/// <summary>What a user says of a port.</summary>
/// <param name="VnicType"><c>normal</c>, <c>direct</c>, <c>macvtap</c> or <c>direct-physical</c>.</param>
/// <param name="NumaAffinityPolicy"><c>required</c>, <c>preferred</c>, <c>socket</c>
/// or <c>legacy</c>; null for none (D11).</param>
public sealed record PortAttributes(
    string Name,
    string Description,
    string MacAddress,
    string VnicType,
    string DeviceId,
    string DeviceOwner,
    bool AdminStateUp,
    string? NumaAffinityPolicy = null);

/// <summary>A host and a profile that a user wrote, as for a guest that no boot of ours started.</summary>
/// <param name="HostId">Empty for none.</param>
/// <param name="Profile">A JSON object, kept as it was written.</param>
public sealed record ManualBinding(string HostId, string Profile)
{
    public static readonly ManualBinding None = new("", "{}");
}

/// <summary>What a boot has bound the port to.</summary>
/// <param name="Function">Null for a port of vnic type normal.</param>
public sealed record PortClaim(
    Guid BootId, Guid ClaimId, string VmId, string HostId, BoundFunction? Function);

/// <summary>The PCI function behind a port.</summary>
/// <param name="DeviceType"><c>type-VF</c> or <c>type-PF</c>.</param>
public sealed record BoundFunction(
    string Address,
    string VendorId,
    string ProductId,
    string DeviceType,
    int? VfIndex,
    string? PfMacAddress,
    string? CardSerialNumber);
