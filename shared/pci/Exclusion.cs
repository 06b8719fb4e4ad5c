namespace Platform.Pci;

/// <summary>
/// A PF and its VFs exclude each other (B27, U24): while one is in use, the other cannot be had.
/// </summary>
public sealed class Exclusion
{
    private readonly HashSet<PciAddress> inUse = [];
    private readonly HashSet<PciAddress> parents = [];

    public Exclusion(IEnumerable<PciDevice> inUse)
    {
        foreach (var device in inUse)
        {
            this.inUse.Add(device.Address);
            if (device.Parent is { } pf)
                parents.Add(pf);
        }
    }

    /// <summary>The device is the PF of one in use, or a VF of one in use.</summary>
    public bool Blocks(PciDevice device) =>
        parents.Contains(device.Address) || (device.Parent is { } pf && inUse.Contains(pf));
}
