using System.Globalization;
using System.Xml.Linq;
using Platform.Pci;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>
/// Writes devices as elements of libvirt's domain XML (H18). What libvirt would refuse, or drop in silence,
/// is refused here.
/// </summary>
public static class GuestXml
{
    /// <summary>An <c>&lt;interface&gt;</c> or a <c>&lt;hostdev&gt;</c>.</summary>
    /// <exception cref="GuestRefusedException">A value that cannot be.</exception>
    public static XElement Write(GuestDevice device) => device switch
    {
        PassedFunction function => Write(function),
        PassedInterface vf => Interface("hostdev", vf,
            new XAttribute("managed", "yes"), Driver(vf.Driver),
            new XElement("source", Address(vf.Address, withType: true)), Write(vf.Bandwidth)),
        MacvtapInterface macvtap => Write(macvtap),
        PoolInterface pool => Interface("network", pool, new XElement("source",
            new XAttribute("network", Word.Text("network", pool.Network)),
            pool.PortGroup is null
                ? null : new XAttribute("portgroup", Word.Device("port group", pool.PortGroup)))),
        VdpaInterface vdpa => Interface("vdpa", vdpa, new XElement("source",
            new XAttribute("dev", Word.Device("vDPA device", vdpa.Device)))),
        _ => throw new InvalidOperationException($"Unknown device {device}."),
    };

    /// <summary>As <see cref="Write(GuestDevice)"/>, as a text.</summary>
    public static string Text(GuestDevice device) => Write(device).ToString();

    internal static XElement? Write(Switching? switching) => switching switch
    {
        null => null,
        Switching.Vlan vlan => new("vlan", new XElement("tag", new XAttribute("id", vlan.Id))),
        Switching.PortProfile profile => new("virtualport",
            new XAttribute("type", "802.1Qbh"),
            new XElement("parameters", new XAttribute("profileid", Profile(profile.Id)))),
        _ => throw new InvalidOperationException($"Unknown switching {switching}."),
    };

    internal static XElement? Driver(string? name) =>
        name is null ? null : new("driver", new XAttribute("name", Word.Device("driver", name)));

    internal static XElement Address(PciAddress address, bool withType) => new(
        "address",
        withType ? new XAttribute("type", "pci") : null,
        LibvirtAddress.Attributes(address));

    private static XElement Write(PassedFunction function) => new(
        "hostdev",
        new XAttribute("mode", "subsystem"),
        new XAttribute("type", "pci"),
        new XAttribute("managed", "yes"),
        Driver(function.Driver),
        new XElement("source", Address(function.Address, withType: false)),
        Common(function));

    private static XElement Write(MacvtapInterface macvtap)
    {
        if (macvtap is { Queues: not null, Driver: null })
            throw new GuestRefusedException(
                GuestRefusalKind.Invalid, $"{macvtap.Queues} queues need a driver: write vhost.");
        var driver = Driver(macvtap.Driver);
        if (macvtap.Queues is { } queues)
            driver!.Add(new XAttribute("queues", Word.Count("number of queues", queues)));
        return Interface("direct", macvtap,
            macvtap.Model is null
                ? null
                : new XElement("model", new XAttribute("type", Word.Device("model", macvtap.Model))),
            driver,
            new XElement("source",
                new XAttribute("dev", Word.Device("network device", macvtap.Netdev)),
                new XAttribute("mode", Word.OneOf(
                    "mode", macvtap.Mode, "passthrough", "bridge", "private", "vepa"))),
            Write(macvtap.Bandwidth));
    }

    private static XElement Interface(string type, GuestInterface device, params object?[] content) => new(
        "interface",
        new XAttribute("type", type),
        content.OfType<XAttribute>(),
        Word.Mac(device.MacAddress) is { } mac ? new XElement("mac", new XAttribute("address", mac)) : null,
        content.Where(part => part is not XAttribute),
        Write(device.Switching),
        Common(device));

    private static IEnumerable<XElement> Common(GuestDevice device)
    {
        if (device.BootOrder is { } order)
            yield return new("boot", new XAttribute("order", Word.Count("boot order", order)));
        if (device.Alias is { } alias)
            yield return new("alias", new XAttribute("name", Word.Alias(alias)));
        if (device.GuestAddress is { } address)
            yield return Address(address, withType: true);
    }

    private static XElement? Write(Bandwidth? bandwidth) => bandwidth is null
        ? null
        : new("bandwidth", Write("inbound", bandwidth.Inbound), Write("outbound", bandwidth.Outbound));

    private static XElement? Write(string direction, Rate? rate) => rate is null
        ? null
        : new(direction, Number("average", rate.Average), Number("peak", rate.Peak),
            Number("burst", rate.Burst));

    private static XAttribute? Number(string name, long? value) =>
        value is null ? null : new(name, value.Value.ToString(CultureInfo.InvariantCulture));

    // Nova writes an empty one too; libvirt says clearly that it is missing.
    private static string Profile(string id) => id.Length == 0 ? id : Word.Text("port profile", id);
}
