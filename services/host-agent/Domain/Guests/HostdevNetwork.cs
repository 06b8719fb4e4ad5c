using System.Xml.Linq;
using Platform.Pci;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>
/// A pool of VFs that libvirt itself gives to guests: a <c>&lt;network&gt;</c> with <c>forward
/// mode='hostdev'</c> (I3). It has no bandwidth: libvirt refuses that here (I11).
/// </summary>
/// <param name="PfNetdev">The PF whose VFs they are; null when <paramref name="Vfs"/> names them.</param>
/// <param name="Vfs">The VFs by address (I9); none when they are the PF's, found at first use (I6).</param>
public sealed record HostdevNetwork(string Name, string? PfNetdev, IReadOnlyList<PciAddress> Vfs)
{
    /// <summary>Of the host, as <c>vfio</c> (I9); null for libvirt's own choice.</summary>
    public string? Driver { get; init; }

    /// <summary>
    /// For guests that say nothing: what an interface says goes before its port group's, that before this
    /// (I9).
    /// </summary>
    public Switching? Switching { get; init; }

    public IReadOnlyList<PortGroup> PortGroups { get; init; } = [];

    /// <summary>The <c>&lt;network&gt;</c>, for <c>virsh net-define</c> (I8).</summary>
    /// <exception cref="GuestRefusedException">A value that cannot be, both sources, or none.</exception>
    public XElement Write()
    {
        if (PfNetdev is null == (Vfs.Count == 0))
            throw new GuestRefusedException(
                GuestRefusalKind.Invalid,
                $"Network '{Name}' has "
                + (PfNetdev is null ? "no VFs" : $"PF {PfNetdev} and VFs of its own")
                + ": name the PF, or the VFs.");
        return new("network",
            new XElement("name", Word.Text("network", Name)),
            new XElement("forward",
                new XAttribute("mode", "hostdev"),
                new XAttribute("managed", "yes"),
                GuestXml.Driver(Driver),
                PfNetdev is null
                    ? null : new XElement("pf", new XAttribute("dev", Word.Device("PF", PfNetdev))),
                Vfs.Select(vf => GuestXml.Address(vf, withType: true))),
            GuestXml.Write(Switching),
            PortGroups.Select(Write));
    }

    private static XElement Write(PortGroup group) => new(
        "portgroup",
        new XAttribute("name", Word.Device("port group", group.Name)),
        group.IsDefault ? new XAttribute("default", "yes") : null,
        GuestXml.Write(group.Switching));
}

/// <summary>A named choice of VLAN or port profile among the guests of one network (I9).</summary>
public sealed record PortGroup(string Name, Switching? Switching, bool IsDefault = false);
