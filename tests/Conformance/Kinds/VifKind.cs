using System.Text.Json;
using System.Xml.Linq;
using Platform.HostAgent.Domain.Guests;
using Platform.Pci;
using Platform.Pci.Requests;

namespace Platform.Conformance.Tests.Kinds;

/// <summary>A bound port, and the device in the guest's XML.</summary>
public sealed class VifKind : IKind
{
    // What Nova was told of the guest's CPUs and of the host's vDPA devices while it was recorded.
    private const int Queues = 4;
    private const string VdpaDevice = "/dev/vhost-vdpa-0";

    public string Name => "vif";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        yield return new(Name, line.GetProperty("id").ToString(), line, GuestTexts.Nova(line), Ours(line));
    }

    /// <exception cref="GuestRefusedException">The line's port cannot be given to a guest.</exception>
    internal static XElement Write(JsonElement line)
    {
        var port = GuestTexts.Port(line.GetProperty("vif"));
        var netdev = port.PciSlot is null ? null : Host.Find(line, "ifnames", port.PciSlot)?.GetString();
        return GuestXml.Write(port.Device(netdev, Guest(line), VdpaDevice));
    }

    private static Outcome Ours(JsonElement line) =>
        GuestTexts.Ours(NameOf, () => GuestTexts.Meaning(Write(line)));

    private static GuestNic Guest(JsonElement line)
    {
        var flavor = line.GetProperty("flavor_extra_specs").EnumerateObject()
            .ToDictionary(spec => spec.Name, spec => spec.Value.GetString()!);
        return new(
            Host.Find(line, "image_properties", "hw_vif_model")?.GetString() ?? "virtio",
            Host.Find(line, "image_properties", "hw_vif_multiqueue_enabled") is null ? null : Queues,
            Bandwidth.OfFlavor(flavor));
    }

    private static string NameOf(GuestRefusalKind kind) => kind switch
    {
        GuestRefusalKind.NoVifType or GuestRefusalKind.NotBound => "InternalError",
        GuestRefusalKind.UnsupportedVifType => "NovaException",
        GuestRefusalKind.NetdevNotFound => "PciDeviceNotFoundById",
        GuestRefusalKind.MissingMacvtapDetail => "VifDetailsMissingMacvtapParameters",
        _ => "no class of Nova's",
    };
}

/// <summary>A function that belongs to no port, and the device in the guest's XML.</summary>
public sealed class HostdevKind : IKind
{
    public string Name => "hostdev";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        yield return new(Name, line.GetProperty("id").ToString(), line, GuestTexts.Nova(line), Ours(line));
    }

    private static Outcome Ours(JsonElement line) =>
        PciAddress.TryParse(line.GetProperty("address").GetString(), out var address, out _)
            ? Outcome.Given(GuestTexts.Meaning(GuestXml.Write(new PassedFunction(address))))
            : Outcome.Refused("PciDeviceWrongAddressFormat");
}

/// <summary>A bound port, and what the host does before and after a guest has it.</summary>
public sealed class PlugKind : IKind
{
    public string Name => "plug";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        var nova = Host.Find(line, "error") is { } error
            ? Outcome.OfNova(error)
            : Outcome.Given(string.Join("; ", line.GetProperty("calls").EnumerateArray().Select(Text)));
        yield return new(Name, line.GetProperty("id").ToString(), line, nova, Ours(line));
    }

    private static Outcome Ours(JsonElement line)
    {
        var isPlug = line.GetProperty("action").GetString() == "plug";
        return GuestTexts.Ours(kind => NameOf(kind, isPlug), () =>
        {
            var vif = line.GetProperty("vif");
            var (port, trusted) = (GuestTexts.Port(vif), PortNeeds.TrustedOf(vif.GetProperty("profile")));
            var work = isPlug ? HostWork.Plug(port, trusted) : HostWork.Unplug(port, trusted);
            return string.Join("; ", work.Select(Text));
        });
    }

    // Which device is meant follows from the call: the PF's for the first two, the VF's for the last.
    private static string Text(JsonElement call) => call[0].GetString() switch
    {
        "set_device_trust" => $"trust {call[3].GetBoolean()}",
        "set_device_macaddr_and_vlan" => $"PF: {call[3].GetString()} VLAN {call[4].GetInt32()}",
        "set_device_macaddr" => $"VF: {call[2].GetString()} {call[3].GetProperty("port_state").GetString()}",
        var other => other!,
    };

    private static string Text(HostWork work) => work switch
    {
        HostWork.Trust trust => $"trust {trust.On}",
        HostWork.MacAndVlan set => $"PF: {set.MacAddress} VLAN {set.Vlan}",
        HostWork.Netdev netdev => $"VF: {netdev.MacAddress} {(netdev.IsUp ? "up" : "down")}",
        _ => throw new InvalidOperationException($"Nova has no call for {work}."),
    };

    private static string NameOf(GuestRefusalKind kind, bool isPlug) => kind switch
    {
        GuestRefusalKind.NoVifType => isPlug ? "VirtualInterfacePlugException" : "InternalError",
        GuestRefusalKind.UnsupportedVifType => "NovaException",
        _ => "no class of Nova's",
    };
}

/// <summary>Ports as recorded, and XML as texts: equal when libvirt would do the same.</summary>
internal static class GuestTexts
{
    public static PortVif Port(JsonElement vif) => new(
        Host.Find(vif, "type")?.GetString(),
        vif.GetProperty("vnic_type").GetString()!,
        Host.Find(vif, "address")?.GetString(),
        Host.Find(vif, "profile", "pci_slot")?.GetString(),
        vif.GetProperty("details").EnumerateObject().ToDictionary(
            detail => detail.Name,
            detail => detail.Value.ValueKind == JsonValueKind.Null ? null : detail.Value.ToString()));

    public static Outcome Nova(JsonElement line) => Host.Find(line, "error") is { } error
        ? Outcome.OfNova(error)
        : Outcome.Given(Meaning(XElement.Parse(line.GetProperty("xml").GetString()!)));

    public static Outcome Ours(Func<GuestRefusalKind, string> nameOf, Func<string> answer)
    {
        try
        {
            return Outcome.Given(answer());
        }
        catch (GuestRefusedException refused)
        {
            return Outcome.Refused(nameOf(refused.Kind));
        }
    }

    /// <summary>
    /// The order of elements and attributes, and how a number is written, mean nothing. Nor does VLAN 0,
    /// which libvirt sets on a VF that has no VLAN.
    /// </summary>
    public static string Meaning(XElement element)
    {
        var attributes = element.Attributes()
            .Select(attribute => $" {attribute.Name}='{Value(element, attribute)}'")
            .Order(StringComparer.Ordinal);
        var children = element.Elements().Where(child => !IsVlan0(child)).Select(Meaning)
            .Order(StringComparer.Ordinal);
        return $"<{element.Name}{string.Concat(attributes)}>{string.Concat(children)}</>";
    }

    private static bool IsVlan0(XElement element) =>
        element.Name == "vlan" && element.Elements().All(tag => (string?)tag.Attribute("id") == "0");

    private static string Value(XElement element, XAttribute attribute) =>
        element.Name == "address" && attribute.Name != "type" && Hex(attribute.Value) is { } number
            ? $"{number}"
            : attribute.Value;

    private static int? Hex(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && int.TryParse(
            text.AsSpan(2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var number)
            ? number : null;
}
