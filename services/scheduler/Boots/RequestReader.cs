using System.Text.Json;
using Platform.Contracts.Scheduler;
using Platform.Pci.Requests;
using Platform.Scheduler.Domain;

namespace Platform.Scheduler.Boots;

/// <summary>
/// Reads requests, which come from anybody: every member may be missing, and nothing has a length.
/// </summary>
internal sealed class RequestReader(AliasTable aliases)
{
    private const int MembersKept = BootRules.NicsMax + Flavor.DevicesMax + 1;

    /// <summary>What is wrong with a request, or null.</summary>
    public string? ProblemOf(BootRequested request)
    {
        try
        {
            var flavor = Flavor.Read(request.ExtraSpecs, aliases);
            var portIds = request.Nics?.Select(nic => nic?.PortId).ToList();
            return BootRules.ProblemOf(
                    request.VmId, request.ProjectId, portIds, flavor.Devices.Count > 0)
                ?? PlacementRules.ProblemOf(
                    request.Placement, request.Nics ?? [], [.. flavor.Devices.Select(d => d.AliasName!)]);
        }
        catch (RequestRefusedException e)
        {
            return e.Message;
        }
    }

    /// <summary>
    /// Keeps what was asked. What is longer than allowed is refused, and need not be whole to be known again.
    /// </summary>
    public static void Keep(Boot boot, BootRequested request)
    {
        boot.VmId = Kept(request.VmId);
        boot.ProjectId = Kept(request.ProjectId);
        boot.Nics = Kept(request.Nics);
        boot.ExtraSpecs = Kept(request.ExtraSpecs);
        boot.Placement = Kept(request.Placement);
    }

    /// <summary>Keeps what the aliases of a good request mean now: later they may mean something
    /// else.</summary>
    public void KeepFlavor(Boot boot, BootRequested request, Func<Guid> newId)
    {
        var flavor = Flavor.Read(request.ExtraSpecs, aliases);
        boot.NumaPolicy = flavor.NumaPolicy;
        boot.GuestCells = flavor.GuestCells;
        boot.Devices =
        [
            .. flavor.Devices.Select(asked => new DeviceNeed(
                newId(), asked.AliasName!, asked.Count, asked.Spec, asked.NumaPolicy)),
        ];
    }

    public static bool IsAnotherRequest(Boot boot, BootRequested request) =>
        boot.VmId != Kept(request.VmId)
        || boot.ProjectId != Kept(request.ProjectId)
        || !boot.Nics.SequenceEqual(Kept(request.Nics))
        || Json(boot.ExtraSpecs) != Json(Kept(request.ExtraSpecs))
        || Json(boot.Placement) != Json(Kept(request.Placement));

    private static string? Kept(string? name) =>
        name is { Length: > BootRules.NameLengthMax } ? name[..(BootRules.NameLengthMax + 1)] : name;

    private static List<BootNic> Kept(IReadOnlyList<BootNic?>? nics) =>
    [
        .. (nics ?? []).Take(BootRules.NicsMax + 1)
            .Select(nic => new BootNic(Kept(nic?.PortId) ?? "", Kept(nic?.Pin))),
    ];

    // In the order of the keys, whatever order they came in.
    private static Dictionary<string, string?> Kept(IReadOnlyDictionary<string, string?>? extraSpecs) =>
        Flavor.Keys.Where(key => extraSpecs?.ContainsKey(key) == true)
            .ToDictionary(key => key, key => Kept(extraSpecs![key]));

    private static BootPlacement? Kept(BootPlacement? placement) => placement is null ? null : new(
        Kept(placement.HostId),
        Kept(placement.Hosts),
        placement.Groups is null
            ? null
            : [.. placement.Groups.Take(PlacementRules.GroupsMax + 1).Select(Kept)]);

    private static BootGroup Kept(BootGroup? group) => new(
        Kept(group?.Policy) ?? "",
        Kept(group?.By) ?? "",
        group?.Members is null
            ? null
            : [.. group.Members.Take(MembersKept).Select(member => Kept(member) ?? "")]);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
