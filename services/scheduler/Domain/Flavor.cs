using System.Globalization;
using Platform.Pci;
using Platform.Pci.Requests;

namespace Platform.Scheduler.Domain;

/// <summary>What a flavor's extra specs say of PCI devices, in Nova's words (C25-C28, D10, D11).</summary>
/// <param name="Devices">Those asked for by alias, one request for each <c>name:count</c>.</param>
/// <param name="NumaPolicy">Holds for ports that have no policy of their own.</param>
/// <param name="GuestCells">On how many NUMA cells the guest runs; null when NUMA does not matter.</param>
public sealed record Flavor(IReadOnlyList<DeviceRequest> Devices, NumaPolicy? NumaPolicy, int? GuestCells)
{
    public const int DevicesMax = 64;
    public const int GuestCellsMax = 64;

    /// <summary>The keys that are read; all others are of no concern here.</summary>
    public static readonly IReadOnlyList<string> Keys = [AliasKey, PolicyKey, NodesKey];

    private const string AliasKey = "pci_passthrough:alias";
    private const string PolicyKey = "hw:pci_numa_affinity_policy";
    private const string NodesKey = "hw:numa_nodes";

    /// <exception cref="RequestRefusedException">A value is none, or asks for what is not
    /// defined.</exception>
    public static Flavor Read(IReadOnlyDictionary<string, string?>? extraSpecs, AliasTable aliases)
    {
        var policy = extraSpecs?.GetValueOrDefault(PolicyKey);
        var alias = extraSpecs?.GetValueOrDefault(AliasKey);
        var devices = aliases.Requests(string.IsNullOrWhiteSpace(alias) ? null : alias, policy)
            .Where(request => request.Count > 0)
            .ToList();
        var count = devices.Sum(request => (long)request.Count);
        if (count > DevicesMax)
            throw Refuse(AliasKey, alias!, $"it asks for {count} devices, and a guest takes {DevicesMax}");
        return new(devices, NumaPolicyText.Read(PolicyKey, policy), CellsOf(extraSpecs));
    }

    private static int? CellsOf(IReadOnlyDictionary<string, string?>? extraSpecs)
    {
        if (extraSpecs?.GetValueOrDefault(NodesKey) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cells)
            && cells is >= 1 and <= GuestCellsMax
            ? cells
            : throw Refuse(NodesKey, text, $"write a number of 1 to {GuestCellsMax}");
    }

    private static RequestRefusedException Refuse(string field, string value, string allowed) =>
        new(new(RequestRefusalKind.InvalidRequest, field, value, allowed));
}
