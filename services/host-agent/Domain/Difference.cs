using Platform.Pci;

namespace Platform.HostAgent.Domain;

/// <summary>What changed on a host between two readings of it.</summary>
public abstract record Difference
{
    /// <summary>A function that was not there.</summary>
    public sealed record Discovered(PciDevice Function) : Difference;

    /// <summary>A function that is there no more.</summary>
    public sealed record Lost(PciAddress Address) : Difference;

    /// <summary>A function that is not what it was.</summary>
    public sealed record Changed(PciDevice Function) : Difference;

    /// <summary>A PF with another number of VFs; these are all it has now.</summary>
    public sealed record VfCount(PciDevice Pf, IReadOnlyList<PciDevice> Vfs) : Difference;

    /// <summary>
    /// A changed VF count tells of its PF and its VFs at once; nothing else is said of them.
    /// </summary>
    public static IReadOnlyList<Difference> Between(
        IReadOnlyList<PciDevice> before, IReadOnlyList<PciDevice> after)
    {
        var old = before.ToDictionary(f => f.Address);
        var now = after.ToDictionary(f => f.Address);
        var kept = after.Where(f => old.ContainsKey(f.Address)).ToList();
        var counts = kept.Where(f => old[f.Address].NumVfs != f.NumVfs).ToList();
        var told = counts.Select(pf => pf.Address).ToHashSet();

        bool Told(PciDevice f) => f.Parent is { } pf && told.Contains(pf);
        bool OnlyCount(PciDevice f) =>
            told.Contains(f.Address) && old[f.Address] with { NumVfs = f.NumVfs } == f;

        return
        [
            .. before.Where(f => !now.ContainsKey(f.Address) && !Told(f)).Select(f => new Lost(f.Address)),
            .. after.Where(f => !old.ContainsKey(f.Address) && !Told(f)).Select(f => new Discovered(f)),
            .. kept.Where(f => old[f.Address] != f && !Told(f) && !OnlyCount(f)).Select(f => new Changed(f)),
            .. counts.Select(pf => new VfCount(pf, [.. after.Where(f => f.Parent == pf.Address)])),
        ];
    }
}
