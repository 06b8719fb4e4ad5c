namespace Platform.NetworkBinding.Domain;

/// <summary>Which segments a network can be made on.</summary>
public static class SegmentRules
{
    private const int VlanMin = 1;
    private const int VlanMax = 4094;

    /// <param name="known">The physical networks there are; empty when any may be named.</param>
    public static Refusal? Check(Segment segment, IReadOnlyCollection<string> known) => segment.Type switch
    {
        Segment.Vlan => Physical(segment, "VLAN", known) ?? Vlan(segment),
        Segment.Flat => Physical(segment, "flat", known) ?? Prohibited(segment.SegmentationId, segment.Type),
        Segment.Local => Overlay(segment) ?? Prohibited(segment.SegmentationId, segment.Type),
        "vxlan" or "geneve" or "gre" => Overlay(segment),
        _ => Refusal.InvalidInput($"network_type value '{segment.Type}' not supported"),
    };

    private static Refusal? Physical(Segment segment, string kind, IReadOnlyCollection<string> known)
    {
        if (segment.PhysicalNetwork == null)
            return Refusal.InvalidInput($"physical_network required for {kind} provider network");
        return known.Count == 0 || known.Contains(segment.PhysicalNetwork)
            ? null
            : Refusal.InvalidInput(
                $"physical_network '{segment.PhysicalNetwork}' unknown for {kind} provider network");
    }

    private static Refusal? Vlan(Segment segment) => segment.SegmentationId switch
    {
        null => Refusal.InvalidInput("segmentation_id required for VLAN provider network"),
        < VlanMin or > VlanMax => Refusal.InvalidInput(
            $"segmentation_id out of range ({VlanMin} through {VlanMax})"),
        _ => null,
    };

    private static Refusal? Prohibited(int? segmentationId, string kind) => segmentationId == null
        ? null
        : Refusal.InvalidInput($"segmentation_id prohibited for {kind} provider network");

    private static Refusal? Overlay(Segment segment) => segment.PhysicalNetwork == null
        ? null
        : Refusal.InvalidInput($"provider:physical_network specified for {segment.Type} network");
}
