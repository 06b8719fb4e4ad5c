using System.Text.Json.Serialization;

namespace Platform.Contracts.NetworkBinding;

/// <summary>
/// Neutron's <c>binding:profile</c> as Nova writes it, under Neutron's own field names. What is not known is
/// left out, but <c>physical_network</c> is always there, and may be null.
/// </summary>
/// <param name="PciVendorInfo"><c>vvvv:pppp</c>: vendor and product id.</param>
/// <param name="PciSlot"><c>dddd:bb:ss.f</c>.</param>
public sealed record BindingProfile(
    [property: JsonPropertyName("pci_vendor_info")] string PciVendorInfo,
    [property: JsonPropertyName("pci_slot")] string PciSlot,
    [property: JsonPropertyName("physical_network")] string? PhysicalNetwork,
    [property: JsonPropertyName("pf_mac_address")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? PfMacAddress = null,
    [property: JsonPropertyName("vf_num"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    int? VfNum = null,
    [property: JsonPropertyName("card_serial_number")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? CardSerialNumber = null,
    [property: JsonPropertyName("device_mac_address")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? DeviceMacAddress = null);
