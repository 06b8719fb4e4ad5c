namespace Platform.Pci;

/// <summary>
/// A PF and its VFs exclude each other (B27, U24): while one is in use, the other cannot be had.
/// </summary>
public sealed class Exclusion
{
    private readonly HashSet<PciAddress> inUse = [];
    private readonly Dictionary<PciAddress, PciAddress> vfByPf = [];

    public Exclusion(IEnumerable<PciDevice> inUse)
    {
        foreach (var device in inUse)
        {
            this.inUse.Add(device.Address);
            if (device.Parent is { } pf)
                vfByPf.TryAdd(pf, device.Address);
        }
    }

    /// <summary>The device is the PF of one in use, or a VF of one in use.</summary>
    public bool Blocks(PciDevice device) =>
        vfByPf.ContainsKey(device.Address) || (device.Parent is { } pf && inUse.Contains(pf));

    /// <summary>Why it cannot be had, as a sentence; null when it is not excluded.</summary>
    public string? Why(PciDevice device) =>
        vfByPf.TryGetValue(device.Address, out var vf) ? $"Its VF {vf} is not free."
        : device.Parent is { } pf && inUse.Contains(pf) ? $"Its PF {pf} is not free."
        : null;
}
