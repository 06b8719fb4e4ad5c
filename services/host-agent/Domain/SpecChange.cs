using Platform.Pci;

namespace Platform.HostAgent.Domain;

/// <summary>What a device spec that was read anew means for the functions that guests have.</summary>
/// <param name="Host">Every function of the host, offered or not.</param>
/// <param name="Before">What the spec in force offers.</param>
/// <param name="After">What the new one would offer.</param>
public sealed record SpecChange(
    IReadOnlyList<PciDevice> Host, IReadOnlySet<PciAddress> Before, IReadOnlySet<PciAddress> After)
{
    /// <summary>
    /// Why the new spec cannot be taken yet: it offers a PF in the place of its VFs, or VFs in the place of
    /// their PF, while a guest has one of the others (AX23). Null when it can be.
    /// </summary>
    public string? Refusal(IEnumerable<PluggedFunction> plugged)
    {
        foreach (var function in Dropped(plugged))
        {
            if (Host.FirstOrDefault(device => device.Address == function.Address) is not { } device)
                continue;
            var other = Host.FirstOrDefault(one => IsKin(one, device)
                && After.Contains(one.Address) && !Before.Contains(one.Address));
            if (other is not null)
                return $"It offers {Name(other)} instead of {Name(device)}, which {function.VmId} has "
                    + $"(claim {function.ClaimId}). Stop {function.VmId}, and the new spec is taken; or "
                    + $"offer {device.Address} as before.";
        }

        return null;
    }

    /// <summary>
    /// What guests have and the new spec does not offer: they keep it until they give it back (AX22).
    /// </summary>
    public IEnumerable<PluggedFunction> Dropped(IEnumerable<PluggedFunction> plugged) => plugged
        .Where(function => Before.Contains(function.Address) && !After.Contains(function.Address));

    private static bool IsKin(PciDevice one, PciDevice other) =>
        one.Parent == other.Address || one.Address == other.Parent;

    private static string Name(PciDevice device) =>
        device.Parent is { } pf ? $"VF {device.Address} of PF {pf}" : $"PF {device.Address}";
}
