using Platform.Pci;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>
/// A device of a guest, in the terms of libvirt's domain XML. <see cref="GuestXml"/> writes it.
/// </summary>
public abstract record GuestDevice
{
    /// <summary>The place in the guest's order of boot devices, from 1 (H26); null for none.</summary>
    public int? BootOrder { get; init; }

    /// <summary>A name of the device's own; libvirt keeps only those that begin with <c>ua-</c>
    /// (H26).</summary>
    public string? Alias { get; init; }

    /// <summary>Where the guest sees it (H26); null: libvirt finds a place.</summary>
    public PciAddress? GuestAddress { get; init; }
}

/// <summary>
/// A function given as it is: <c>&lt;hostdev&gt;</c>. For GPUs, disks, whole PFs and NICs without SR-IOV
/// (H10, H21). It has no MAC address, VLAN or port profile: libvirt would not set them (H9).
/// </summary>
/// <param name="Driver">Of the host, as <c>vfio</c> (H2); null for libvirt's own choice.</param>
public sealed record PassedFunction(PciAddress Address, string? Driver = null) : GuestDevice;

/// <summary>A network interface of a guest.</summary>
/// <param name="MacAddress">Null: libvirt makes one up, and keeps it (H3, H4, H13).</param>
public abstract record GuestInterface(string? MacAddress) : GuestDevice
{
    /// <summary>VLAN or port profile, never both (H7); null for neither.</summary>
    public Switching? Switching { get; init; }
}

/// <summary>
/// A VF given to the guest: <c>&lt;interface type='hostdev'&gt;</c> (H1). libvirt sets MAC address, VLAN and
/// port profile first, and assigns the VF then (H12).
/// </summary>
/// <param name="Driver">Of the host, as <c>vfio</c> (H2); null for libvirt's own choice.</param>
public sealed record PassedInterface(PciAddress Address, string? MacAddress, string? Driver = null)
    : GuestInterface(MacAddress)
{
    public Bandwidth? Bandwidth { get; init; }
}

/// <summary>
/// An emulated NIC on a VF that stays on the host: <c>&lt;interface type='direct'&gt;</c> (H20).
/// </summary>
/// <param name="Netdev">The VF's network device on the host.</param>
/// <param name="Mode"><c>passthrough</c>, <c>bridge</c>, <c>private</c> or <c>vepa</c>.</param>
/// <param name="Model">What the guest sees, as <c>virtio</c>; null for libvirt's own choice.</param>
/// <param name="Driver">Of the host, as <c>vhost</c>; null for libvirt's own choice.</param>
/// <param name="Queues">More than one queue, for several CPUs; needs a driver.</param>
public sealed record MacvtapInterface(
    string Netdev,
    string? MacAddress,
    string Mode = "passthrough",
    string? Model = null,
    string? Driver = null,
    int? Queues = null) : GuestInterface(MacAddress)
{
    public Bandwidth? Bandwidth { get; init; }
}

/// <summary>
/// Any free VF of a network pool: <c>&lt;interface type='network'&gt;</c> (I4). libvirt takes one at each
/// start of the guest, and gives it back when the guest stops (I5).
/// </summary>
/// <param name="Network">The name of a <see cref="HostdevNetwork"/>.</param>
public sealed record PoolInterface(string Network, string? MacAddress, string? PortGroup = null)
    : GuestInterface(MacAddress);

/// <summary>A vDPA device: <c>&lt;interface type='vdpa'&gt;</c> (H22).</summary>
/// <param name="Device">As <c>/dev/vhost-vdpa-0</c>.</param>
public sealed record VdpaInterface(string Device, string? MacAddress) : GuestInterface(MacAddress);
