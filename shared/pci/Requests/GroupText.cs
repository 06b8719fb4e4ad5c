using System.Diagnostics.CodeAnalysis;

namespace Platform.Pci.Requests;

/// <summary>How boots and claims write their groups (U19).</summary>
public static class GroupText
{
    /// <summary>Reads <c>spread</c> or <c>pack</c> by <c>pf</c> or <c>card</c>, in lower case.</summary>
    public static bool TryRead(
        string? policy, string? by, out Grouping grouping, out GroupedBy groupedBy,
        [NotNullWhen(false)] out string? problem)
    {
        grouping = policy == "pack" ? Grouping.Pack : Grouping.Spread;
        groupedBy = by == "card" ? GroupedBy.Card : GroupedBy.Pf;
        problem = (policy, by) switch
        {
            (not ("spread" or "pack"), _) => $"A group's policy '{policy}' is refused: write spread or pack.",
            (_, not ("pf" or "card")) => $"A group by '{by}' is refused: write pf or card.",
            _ => null,
        };
        return problem is null;
    }

    public static string Write(Grouping grouping) => grouping == Grouping.Pack ? "pack" : "spread";

    public static string Write(GroupedBy by) => by == GroupedBy.Card ? "card" : "pf";
}
