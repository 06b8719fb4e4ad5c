using System.Text.Json.Serialization;

namespace Platform.Pci;

/// <summary>All that one boot asks of a host: met together or not at all (D13).</summary>
/// <param name="Groups">What holds between the functions of several requests.</param>
/// <param name="GuestCells">On how many NUMA cells of the host the guest runs; null for a guest without a
/// NUMA topology, which may have functions anywhere.</param>
public sealed record Demand(
    IReadOnlyList<PciRequest> Requests, IReadOnlyList<FunctionGroup> Groups, int? GuestCells = null)
{
    public static Demand Of(params IReadOnlyList<PciRequest> requests) => new(requests, []);

    /// <summary>Counting the functions of each kind is enough to meet it.</summary>
    public bool IsPlain =>
        Groups.Count == 0 && GuestCells is null && Requests.All(request => request.Pin is null)
        && !AsksForPfsAmongOthers;

    // A PF takes its VFs with it.
    private bool AsksForPfsAmongOthers =>
        Requests.Any(request => request.Spec.Any(IsPf)) && !Requests.All(request => request.Spec.All(IsPf));

    private static bool IsPf(IReadOnlyDictionary<string, string?> alternative) =>
        alternative.GetValueOrDefault("dev_type") == DeviceType.Pf;
}

/// <summary>Requests whose functions belong apart or together (D16, U19).</summary>
public sealed record FunctionGroup(Grouping Grouping, GroupedBy By, IReadOnlyList<Guid> RequestIds)
{
    internal string Describe() => (Grouping, By) switch
    {
        (Grouping.Spread, GroupedBy.Pf) => "on different PFs",
        (Grouping.Spread, GroupedBy.Card) => "on different cards",
        (Grouping.Pack, GroupedBy.Pf) => "on one PF",
        _ => "on one card",
    };
}

/// <summary>How the functions of a group lie to each other.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Grouping>))]
public enum Grouping
{
    /// <summary>No two share one: for bonds that outlive a card.</summary>
    Spread,

    /// <summary>All share one.</summary>
    Pack,
}

/// <summary>What is shared, or not.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GroupedBy>))]
public enum GroupedBy
{
    /// <summary>A VF's PF. Any other function is its own.</summary>
    Pf,

    /// <summary>The PFs of one slot: domain, bus and slot.</summary>
    Card,
}
