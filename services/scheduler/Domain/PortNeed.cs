using Platform.Pci;

namespace Platform.Scheduler.Domain;

/// <summary>
/// What a port asks of a host's functions (C3-C6): Nova's translation of a port into a PCI request.
/// </summary>
public static class PortNeed
{
    /// <summary>The PCI request of a port, or null for one that needs no function.</summary>
    public static PciRequest? RequestOf(string vnicType, string? physicalNetwork, Guid requestId) =>
        vnicType switch
        {
            "direct" or "macvtap" => OneOf("type-VF", physicalNetwork, requestId),
            "direct-physical" => OneOf("type-PF", physicalNetwork, requestId),
            _ => null,
        };

    private static PciRequest OneOf(string deviceType, string? physicalNetwork, Guid requestId) => new(
        requestId,
        Count: 1,
        [
            new Dictionary<string, string?>
            {
                ["dev_type"] = deviceType,
                ["physical_network"] = physicalNetwork,
            },
        ]);
}
