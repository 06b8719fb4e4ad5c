using System.Globalization;

namespace Platform.Pci.Requests;

/// <summary>
/// Nova's <c>[pci] alias</c>, and what flavors ask for with it. Definitions of one name are alternatives.
/// </summary>
public sealed class AliasTable
{
    private const string ExtraSpec = "pci_passthrough:alias";
    private const string PolicySpec = "hw:pci_numa_affinity_policy";

    private AliasTable(IReadOnlyDictionary<string, Alias> aliases) => Aliases = aliases;

    public IReadOnlyDictionary<string, Alias> Aliases { get; }

    /// <summary>Reads the option, which may be given several times, each time an object in JSON.</summary>
    /// <exception cref="RequestRefusedException">One definition is wrong, or does not go with an earlier one
    /// of its name: alternatives have one type and one NUMA policy.</exception>
    public static AliasTable Parse(IEnumerable<string> options)
    {
        var aliases = new Dictionary<string, (AliasDefinition First, List<AliasDefinition> All)>();
        var number = 0;
        foreach (var option in options)
        {
            var alias = AliasDefinition.Parse(option, ++number);
            if (!aliases.TryGetValue(alias.Name, out var sameName))
                aliases[alias.Name] = (alias, [alias]);
            else if (alias.NumaPolicy != sameName.First.NumaPolicy)
                throw AliasDefinition.Refuse(
                    number, "numa_policy", option, $"the earlier '{alias.Name}' has another NUMA policy");
            else if (alias.DeviceType != sameName.First.DeviceType)
                throw AliasDefinition.Refuse(
                    number, "device_type", option, $"the earlier '{alias.Name}' has another device type");
            else
                sameName.All.Add(alias);
        }

        return new(aliases.ToDictionary(
            entry => entry.Key,
            entry => new Alias(
                entry.Key, entry.Value.First.NumaPolicy, [.. entry.Value.All.Select(alias => alias.Spec)])));
    }

    /// <summary>What a flavor asks for (C26): <c>a1:2,b1:1</c> is two of a1 and one of b1.</summary>
    /// <param name="extraSpec">The flavor's <c>pci_passthrough:alias</c>; null when it has none.</param>
    /// <param name="policy">The flavor's <c>hw:pci_numa_affinity_policy</c>, which overrides the alias's.
    /// </param>
    /// <exception cref="RequestRefusedException">It asks for what is not there, or for nonsense.</exception>
    public IReadOnlyList<DeviceRequest> Requests(string? extraSpec, string? policy)
    {
        var requests = new List<DeviceRequest>();
        foreach (var part in extraSpec?.Split(',') ?? [])
        {
            if (part.Split(':', 3) is not [var name, var count])
                throw Refuse(
                    RequestRefusalKind.InvalidRequest, part, "write name:count, and a comma between two");
            if (!Aliases.TryGetValue(name.Trim(), out var alias))
                throw Refuse(RequestRefusalKind.AliasNotDefined, name.Trim(), "no alias has this name");
            requests.Add(new(
                Count(count), alias.Alternatives, alias.Name,
                NumaPolicyText.Read(PolicySpec, policy) ?? alias.NumaPolicy));
        }

        return requests;
    }

    // Parsing alone would let zero characters at the end pass.
    private static int Count(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && !text.Contains('\0', StringComparison.Ordinal)
            ? count
            : throw Refuse(
                RequestRefusalKind.InvalidRequest, text, $"a count is a number of 0 to {int.MaxValue}");

    private static RequestRefusedException Refuse(RequestRefusalKind kind, string value, string allowed) =>
        new(new(kind, ExtraSpec, value, allowed));
}
