using System.Text.Json;
using Platform.Pci;
using Platform.Pci.Requests;

namespace Platform.Conformance.Tests.Kinds;

/// <summary>Definitions of aliases, and what a flavor asks for with them.</summary>
public sealed class AliasKind : IKind
{
    public string Name => "alias";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        yield return new(Name, line.GetProperty("id").ToString(), line, Nova(line), Ours(line));
    }

    private static Outcome Nova(JsonElement line)
    {
        if (Host.Find(line, "alias_error") is { } inAlias)
            return Outcome.OfNova(inAlias);
        return Host.Find(line, "error") is { } error
            ? Outcome.OfNova(error)
            : Given(Text(line.GetProperty("aliases")), Texts.Requests(line.GetProperty("requests")));
    }

    private static Outcome Ours(JsonElement line)
    {
        try
        {
            var table = AliasTable.Parse(Texts.Lines(line, "alias"));
            var aliases = Text(table);
            // Nova's aliases are recorded beside an error in the flavor, too.
            if (Host.Find(line, "aliases") is { } recorded && Text(recorded) != aliases)
                return Outcome.Given(aliases);
            var requests = table.Requests(
                Host.Find(line, "extra_spec")?.GetString(), Host.Find(line, "affinity_policy")?.GetString());
            return Given(aliases, Texts.Requests(requests));
        }
        catch (RequestRefusedException refused)
        {
            return Outcome.Refused(NameOf(refused.Refusal.Kind));
        }
    }

    private static Outcome Given(string aliases, string requests) => Outcome.Given($"{aliases}; {requests}");

    private static string Text(JsonElement aliases) => string.Join(", ", aliases.EnumerateObject()
        .OrderBy(alias => alias.Name, StringComparer.Ordinal)
        .Select(alias => $"{alias.Name} {alias.Value.GetProperty("numa_policy")} "
            + Texts.Alternatives(alias.Value.GetProperty("specs"))));

    private static string Text(AliasTable table) => string.Join(", ", table.Aliases.Values
        .OrderBy(alias => alias.Name, StringComparer.Ordinal)
        .Select(alias => $"{alias.Name} {Texts.Policy(alias.NumaPolicy)} "
            + Texts.Alternatives(alias.Alternatives)));

    private static string NameOf(RequestRefusalKind kind) => kind switch
    {
        RequestRefusalKind.InvalidAlias => "PciInvalidAlias",
        RequestRefusalKind.AliasNotDefined => "PciRequestAliasNotDefined",
        _ => "no class of Nova's",
    };
}

/// <summary>A network port, and the request that comes of it.</summary>
public sealed class PortKind : IKind
{
    public string Name => "port";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        yield return new(
            Name, line.GetProperty("id").ToString(), line,
            Outcome.Given(Texts.Requests(line.GetProperty("requests"))), Ours(line));
    }

    private static Outcome Ours(JsonElement line)
    {
        var port = line.GetProperty("port");
        var needs = new PortNeeds(
            port.GetProperty("vnic_type").GetString()!, port.GetProperty("physical_network").GetString(),
            PortNeeds.TrustedOf(port.GetProperty("profile")), Policy(port, "numa_affinity_policy"));
        var flavor = Policy(line, "affinity_policy");
        return Outcome.Given(Texts.Requests(needs.Request(flavor) is { } request ? [request] : []));
    }

    private static NumaPolicy? Policy(JsonElement json, string field) =>
        NumaPolicyText.Read(field, Host.Find(json, field)?.GetString());
}
