namespace Platform.Pci;

/// <summary>
/// Functions of one IOMMU group reach each other's memory, so they are given to one guest or to none. A VF is
/// to be had only when its group is its own (B20); other functions of a group may go to one guest together,
/// and while one is in use nobody else gets the rest (U23).
/// </summary>
/// <param name="inUse">What is owned, or not fit for another owner yet.</param>
public sealed class IommuGroups(IEnumerable<PciDevice> inUse)
{
    private readonly Dictionary<int, PciAddress> users = inUse
        .Where(device => device.IommuGroup is not null)
        .GroupBy(device => device.IommuGroup!.Value, device => device.Address)
        .ToDictionary(group => group.Key, group => group.Min());

    /// <summary>The function, which is in no use itself, cannot be had because of its group.</summary>
    public bool Blocks(PciDevice device) => IsVf(device) ? Shares(device) : UserBeside(device) is not null;

    /// <summary>Why it cannot be had, as a sentence; null when its group is no reason.</summary>
    public string? Why(PciDevice device) => (IsVf(device), Shares(device), UserBeside(device)) switch
    {
        (true, true, _) =>
            $"A VF has to be alone in its IOMMU group, and {device.IommuPeers} others are in {Name(device)}.",
        (false, _, { } user) => $"{user} of the same IOMMU group {device.IommuGroup} is not free.",
        _ => null,
    };

    private static bool IsVf(PciDevice device) => device.Type is DeviceType.Vf or DeviceType.Vdpa;

    private static bool Shares(PciDevice device) => device.IommuPeers > 0;

    private static string Name(PciDevice device) => device.IommuGroup is { } group ? $"group {group}" : "it";

    private PciAddress? UserBeside(PciDevice device) =>
        device.IommuGroup is { } group && users.TryGetValue(group, out var user) ? user : null;
}
