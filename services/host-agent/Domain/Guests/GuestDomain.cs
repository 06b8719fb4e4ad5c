using System.Xml.Linq;
using Platform.Pci;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>A guest as libvirt describes it, running or as it will be started.</summary>
public sealed class GuestDomain(XElement domain)
{
    /// <summary>What libvirt cannot confuse with another guest: it takes a number for a running
    /// one.</summary>
    public string Uuid { get; } = (string?)domain.Element("uuid") ?? "";

    /// <summary>libvirt numbers what runs.</summary>
    public bool IsRunning => domain.Attribute("id") is not null;

    /// <summary>Whether it is the guest that is meant, by name or UUID.</summary>
    public bool Is(string vmId) =>
        vmId == (string?)domain.Element("name") || vmId.Equals(Uuid, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The element that gives the guest the function, as libvirt wrote it, whoever put it there; null when it
    /// has none. A macvtap does not say its function: it is known by its MAC address.
    /// </summary>
    public XElement? Find(PluggedFunction function) =>
        (domain.Element("devices")?.Elements() ?? []).FirstOrDefault(device =>
            function.VnicType == "macvtap"
                ? (string?)device.Attribute("type") == "direct" && HasMac(device, function.MacAddress)
                : IsPassed(device) && HasAddress(device, function.Address));

    private static bool IsPassed(XElement device) =>
        (device.Name.LocalName, (string?)device.Attribute("type"))
            is ("hostdev", "pci") or ("interface", "hostdev");

    private static bool HasMac(XElement device, string? mac) => string.Equals(
        (string?)device.Element("mac")?.Attribute("address"), mac, StringComparison.OrdinalIgnoreCase);

    // libvirt takes domains above ffff, in which this host has no functions.
    private static bool HasAddress(XElement device, PciAddress address) =>
        device.Element("source")?.Element("address") is { } source
        && LibvirtAddress.TryRead(source) == address;
}
