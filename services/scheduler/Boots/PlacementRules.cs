using Platform.Contracts.Scheduler;
using Platform.Pci;
using Platform.Pci.Requests;
using Platform.Scheduler.Domain;

namespace Platform.Scheduler.Boots;

/// <summary>What a boot may say of where its functions shall be (D9, D16, U19).</summary>
internal static class PlacementRules
{
    public const int GroupsMax = 16;

    /// <summary>What is wrong, or null. Every member may be missing: it comes from anybody.</summary>
    /// <param name="aliases">The names of those the boot asks for.</param>
    public static string? ProblemOf(
        BootPlacement? placement, IReadOnlyList<BootNic?> nics, IReadOnlyList<string> aliases)
    {
        if (nics.FirstOrDefault(nic => nic?.Pin is not null) is { } pinned)
        {
            if (!PciAddress.TryParse(pinned.Pin, out _, out var reason))
                return $"The pin of port {pinned.PortId} is refused: {reason}";
            if (placement?.HostId is null)
                return $"Port {pinned.PortId} is pinned to {pinned.Pin}, which every host may have: "
                    + "give placement.hostId.";
        }

        if (placement is null)
            return null;
        if (placement.HostId is { } host && (host.Length == 0 || host.Length > BootRules.NameLengthMax))
            return $"placement.hostId has {host.Length} characters: give 1 to {BootRules.NameLengthMax}.";
        if (placement.Hosts is not (null or HostOrder.Spread or HostOrder.Pack))
            return $"placement.hosts '{placement.Hosts}' is refused: write spread or pack.";
        var groups = placement.Groups ?? [];
        if (groups.Count > GroupsMax)
            return $"The boot has {groups.Count} groups: give at most {GroupsMax}.";
        string[] known = [.. nics.Select(nic => nic?.PortId ?? ""), .. aliases];
        return groups.Select(group => ProblemOf(group, known)).FirstOrDefault(problem => problem is not null);
    }

    private static string? ProblemOf(BootGroup? group, string[] known)
    {
        if (!GroupText.TryRead(group?.Policy, group?.By, out _, out _, out var problem))
            return problem;
        if (group!.Members is [])
            return "A group has no members: name them, or leave members out for all.";
        return group.Members?.FirstOrDefault(member => !known.Contains(member)) is { } stranger
            ? $"A group names '{stranger}', which is no port and no alias of the boot: correct it."
            : null;
    }
}

/// <summary>Which of the hosts that will do is tried first.</summary>
internal static class HostOrder
{
    /// <summary>The one with the most functions free.</summary>
    public const string Spread = "spread";

    /// <summary>The one with the fewest that are enough.</summary>
    public const string Pack = "pack";
}
