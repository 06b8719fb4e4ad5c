using System.Globalization;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>
/// A port as its binding describes it, in Neutron's words. By Nova's rules, its vif type and its vnic type
/// decide what the guest gets.
/// </summary>
/// <param name="PciSlot">The function; null when the profile says none.</param>
/// <param name="Details">Of the binding: <c>vlan</c>, <c>profileid</c>, ... Null is a value of its
/// own.</param>
public sealed record PortVif(
    string? VifType,
    string VnicType,
    string? MacAddress,
    string? PciSlot,
    IReadOnlyDictionary<string, string?> Details)
{
    private static readonly string[] MacvtapDetails =
        ["macvtap_source", "macvtap_mode", "physical_interface"];

    /// <summary>What the guest gets for the port.</summary>
    /// <param name="netdev">The function's network device on the host; null when it has none.</param>
    /// <param name="vdpaDevice">The function's vDPA device on the host; null when it has none.</param>
    /// <exception cref="GuestRefusedException">The binding cannot be used.</exception>
    public GuestDevice Device(string? netdev, GuestNic guest, string? vdpaDevice = null) => Bound() switch
    {
        "hw_veb" => Vf(netdev, guest, Switching.Of(Vlan), "direct", "accelerator-direct"),
        "802.1qbh" => Vf(netdev, guest, Switching.Of(null, Detail("profileid") ?? throw Missing("profileid")),
            "direct"),
        "hostdev_physical" or "ib_hostdev" => new PassedFunction(LibvirtAddress.ReadSlot(Slot)),
        "ovs" when VnicType is "direct" or "remote-managed" =>
            new PassedInterface(LibvirtAddress.ReadSlot(Slot), MacAddress),
        "ovs" when VnicType == "vdpa" => new VdpaInterface(vdpaDevice ?? throw NoDevice("vDPA"), MacAddress),
        "macvtap" => Shared(guest),
        _ => throw Unsupported(),
    };

    /// <summary>The binding's VLAN; null or 0 for none.</summary>
    /// <exception cref="GuestRefusedException">It does not say, or says no number.</exception>
    public int? Vlan
    {
        get
        {
            if (!Details.TryGetValue("vlan", out var text))
                throw Missing("vlan");
            if (string.IsNullOrEmpty(text))
                return null;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var vlan)
                ? vlan
                : throw new GuestRefusedException(
                    GuestRefusalKind.Invalid, $"VLAN '{text}' is not in 1 to 4094: write one that is, or 0.");
        }
    }

    /// <summary>The vif type, of a port that is bound to one that is known.</summary>
    /// <exception cref="GuestRefusedException">It is not.</exception>
    public string Bound() => VifType switch
    {
        "hw_veb" or "802.1qbh" or "hostdev_physical" or "ib_hostdev" or "ovs" or "macvtap" => VifType,
        null => throw Refused(GuestRefusalKind.NoVifType, "has no vif type: bind the port first"),
        "unbound" or "binding_failed" => throw Refused(
            GuestRefusalKind.NotBound, $"has vif type {VifType}: bind the port first"),
        _ => throw Unsupported(),
    };

    // What is not given to the guest itself stays on the host, under a macvtap (H20).
    private GuestInterface Vf(string? netdev, GuestNic guest, Switching? switching, params string[] passed) =>
        passed.Contains(VnicType)
            ? new PassedInterface(LibvirtAddress.ReadSlot(Slot), MacAddress)
            {
                Switching = switching,
                Bandwidth = guest.Bandwidth,
            }
            : new MacvtapInterface(
                Slot.Length > 0 && netdev is not null ? netdev : throw NoDevice("network"), MacAddress,
                Model: Model(guest), Driver: "vhost", Queues: Queues(guest))
            {
                Switching = switching,
                Bandwidth = guest.Bandwidth,
            };

    // The host's own interface, shared by guests: no VF is needed.
    private MacvtapInterface Shared(GuestNic guest)
    {
        var missing = MacvtapDetails.Where(name => Detail(name) is null).ToList();
        if (missing.Count > 0)
            throw Refused(
                GuestRefusalKind.MissingMacvtapDetail, $"lacks {string.Join(", ", missing)}: bind it anew");
        return new(Detail("macvtap_source")!, MacAddress, Detail("macvtap_mode")!, Model(guest));
    }

    // A model says what is emulated. Where the guest is meant to have the hardware, nothing is.
    private string? Model(GuestNic guest) =>
        VnicType is "direct-physical" or "accelerator-direct" or "remote-managed" ? null : guest.Model;

    private int? Queues(GuestNic guest) => Model(guest) == "virtio" ? guest.Queues : null;

    private string Slot => PciSlot ?? throw Missing("pci_slot");

    private string? Detail(string name) => Details.GetValueOrDefault(name);

    private GuestRefusedException Missing(string what) => Refused(
        GuestRefusalKind.MissingDetail, $"lacks {what}, which vif type {VifType} needs: bind it anew");

    private GuestRefusedException NoDevice(string kind) => new(
        GuestRefusalKind.NetdevNotFound,
        $"{Slot} has no {kind} device on the host, which vnic type {VnicType} needs: "
        + "give the function back to the host's driver.");

    private GuestRefusedException Unsupported() => Refused(
        GuestRefusalKind.UnsupportedVifType,
        $"has vif type {VifType} and vnic type {VnicType}, which give no PCI function to a guest");

    private GuestRefusedException Refused(GuestRefusalKind kind, string what) =>
        new(kind, $"The binding of the port on {PciSlot ?? "no function"} {what}.");
}

/// <summary>What the guest says of its interfaces.</summary>
/// <param name="Model">What is emulated where something is.</param>
/// <param name="Queues">One for each CPU that shall share the work; null for one.</param>
public sealed record GuestNic(string? Model = "virtio", int? Queues = null, Bandwidth? Bandwidth = null);
