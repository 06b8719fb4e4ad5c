using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Conformance.Tests;

/// <summary>A rule for answers in which we differ from Nova on purpose.</summary>
/// <param name="Kinds">The kinds of answers it is about.</param>
/// <param name="Applies">By the input and Nova's answer, never by a line's id.</param>
public sealed record Deviation(
    string Name, string[] Kinds, Func<JsonElement, Outcome, bool> Applies, string Reason);

/// <summary>Where Nova is wrong, and we are right.</summary>
public static partial class Deviations
{
    private static readonly string[] Specs = ["spec", "whitelist"];
    private static readonly string[] Sequences = ["stats", "tracker"];

    public static readonly IReadOnlyList<Deviation> All =
    [
        new(
            "A number with a sign, a _ or foreign digits",
            Specs,
            (input, nova) => nova.Refusal != "PciConfigInvalidSpec"
                && Entries(input).SelectMany(Numbers).Concat(Addresses(input)).Any(OddNumber().IsMatch),
            "Python reads -1 and 8_086 as numbers; a spec with one matches nothing, or what nobody meant."),
        new(
            "remote_managed on a PF named by its address",
            Specs,
            (input, nova) => nova.Refusal == "PciDeviceNotFoundById"
                && Entries(input).Any(entry => Has(entry, "address") && Has(entry, "remote_managed")),
            "Nova looks for a PF of a Python object's name, and finds none. With a devname it works."),
        new(
            "A device reported at an address with a *",
            Specs,
            (input, _) => Addresses(input).Any(address => address.Contains('*', StringComparison.Ordinal)),
            "A device sits at one address; Nova lets a pattern pass for it."),
        new(
            "device_id selects, as vendor_id does",
            Specs,
            (input, _) => Entries(input).Any(entry => Has(entry, "device_id") && !Has(entry, "vendor_id")),
            "The specification's grammar has it; Nova makes a tag of it, and matches too much."),
        new(
            "A devname that is no string, or a tag that is an object or a list",
            Specs,
            (input, nova) => nova.Refusal != "PciConfigInvalidSpec" && Entries(input).Any(HasWrongType),
            "Nova takes them, and then no device and no request ever matches."),
        new(
            "A count with a sign, a _, foreign digits, or too many digits",
            ["alias"],
            (input, nova) => nova.Text is not null
                && Texts.Lines(input, "extra_spec").SelectMany(spec => spec.Split(',')).Any(HasOddCount),
            "A request for -1 or 99999999999 devices can only fail later, and less clearly."),
        new(
            "Alternatives that say no device type",
            ["alias"],
            (input, nova) => nova.Refusal == "PciInvalidAlias" && HasAlternativesWithoutType(input),
            "Nova means to compare the types, and fails on a missing one."),
        new(
            "An id with a line break after it, or with foreign digits",
            ["alias"],
            (input, _) => Texts.Lines(input, "alias").SelectMany(Texts.Objects)
                .Any(alias => Values(alias, "vendor_id", "product_id").Any(id => !Id().IsMatch(id))),
            "Nova's pattern lets them through, and then no device ever matches."),
        new(
            "A refused request that left traces",
            Sequences,
            (input, nova) => nova.Refusal is not null && IsRequest(input)
                && (Raw(input, "before") != Raw(input, "pools")
                    || Raw(input, "devices_before") != Raw(input, "devices_after")),
            "Requests are met together or not at all; Nova keeps what the first ones took, or took out."),
        new(
            "A PF given beside its own VF, or left in the pools",
            Sequences,
            (input, nova) => nova.Text is not null && IsRequest(input) && GivesRelatives(input),
            "Either takes the other with it; Nova sees that in the claim, and not when a type has changed."),
        new(
            "No function is asked for, and none is there",
            Sequences,
            (input, nova) => IsRefusal(nova) && Requests(input).Any(asked => Count(asked) == 0),
            "Nova refuses a request for nothing where no pool meets it; nothing can always be given."),
        new(
            "A PF that nobody asked for is near the guest",
            Sequences,
            (input, nova) => IsRefusal(nova) && Cells(input).Length > 0 && Requests(input).Any(asked =>
                !AsksForPf(asked) && HasPfOn(input, Cells(input))),
            "Nova counts it as enough nearby, then drops it, and looks no further."),
        new(
            "An earlier request takes what only it can do without",
            Sequences,
            (input, nova) => IsRefusal(nova) && Requests(input).Count(asked => Count(asked) > 0) > 1,
            "Nova serves one after the other. All can be met: the earlier makes room for the later."),
        new(
            "A PF or VF comes back, or is freed, while its relative is in use",
            ["tracker"],
            (input, _) => Contradicts(input, "devices_before") || Contradicts(input, "devices_after"),
            "Nova offers it, and then twice: two guests could have one function."),
        new(
            "A tag named as a field of the pool",
            ["stats"],
            (input, _) => Lined(input).Any(entry => Has(entry, "dev_type") || Has(entry, "numa_node")),
            "Nova overwrites what the host says of the device; a VF becomes a PF."),
        new(
            "A tag that is an object or a list, in a sequence",
            ["stats"],
            (input, _) => Lined(input).Any(HasWrongType),
            "The device spec is refused, as above, and so there are no pools."),
        new(
            "A null tag equals a missing one",
            Sequences,
            (input, _) => input.TryGetProperty("mixed", out var mixed) && mixed.GetBoolean(),
            "Nova puts a device into a pool of other tags, where wrong requests find it."),
        new(
            "An address that no function has",
            ["vif", "hostdev"],
            (input, nova) => nova.Text?.Contains("<address", StringComparison.Ordinal) == true
                && !FunctionAddress().IsMatch(Slot(input)),
            "Nova copies its parts into the XML: libvirt then refuses it, or takes another function."),
        new(
            "A macvtap without a VLAN",
            ["plug"],
            (input, _) => Values(input, "action").Contains("plug")
                && Values(input.GetProperty("vif"), "vnic_type").Contains("macvtap")
                && Host.Find(input, "vif", "details", "vlan")?.ToString() is null or "0",
            "Nova leaves the VF's network device down, or fails; on a flat network nothing is to be tagged."),
    ];

    public static Deviation? Of(Answer answer) => All.FirstOrDefault(rule =>
        rule.Kinds.Contains(answer.Kind) && rule.Applies(answer.Input, answer.Nova));

    private static IEnumerable<JsonElement> Entries(JsonElement input) =>
        input.TryGetProperty("spec", out var spec)
            ? Texts.Objects(spec.GetRawText())
            : Texts.Lines(input, "device_spec").SelectMany(Texts.Objects);

    private static IEnumerable<string> Numbers(JsonElement entry) =>
        Values(entry, "address", "vendor_id", "product_id");

    private static IEnumerable<string> Addresses(JsonElement input) =>
        Values(input.GetProperty("device"), "address", "parent_addr");

    private static bool HasOddCount(string part) =>
        part.Split(':') is [_, var count] && (!Count().IsMatch(count) || !int.TryParse(count, out _));

    private static bool HasWrongType(JsonElement entry) => entry.EnumerateObject().Any(field =>
        field.Name == "devname"
            ? field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
            : field.Name != "address"
                && field.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array);

    private static bool HasAlternativesWithoutType(JsonElement input) =>
        Texts.Lines(input, "alias").SelectMany(Texts.Objects)
            .GroupBy(alias => Values(alias, "name").FirstOrDefault()?.Trim())
            .Any(sameName => sameName.Count() > 1
                && sameName.All(alias => !alias.TryGetProperty("device_type", out _)));

    private static string Slot(JsonElement input) =>
        (Host.Find(input, "address") ?? Host.Find(input, "vif", "profile", "pci_slot"))?.GetString() ?? "";

    private static bool IsRequest(JsonElement input) => Has(input, "requests");

    private static bool IsRefusal(Outcome nova) =>
        nova.Refusal is not null || nova.Text!.StartsWith("False", StringComparison.Ordinal);

    private static JsonElement[] Requests(JsonElement input) =>
        IsRequest(input) ? [.. input.GetProperty("requests").EnumerateArray()] : [];

    private static int Count(JsonElement request) => request.GetProperty("count").GetInt32();

    private static bool AsksForPf(JsonElement request) => request.GetProperty("spec").EnumerateArray()
        .Any(spec => Values(spec, "dev_type").Contains("type-PF"));

    private static int[] Cells(JsonElement input) =>
        [.. Host.Find(input, "numa_cells")?.EnumerateArray().Select(cell => cell.GetInt32()) ?? []];

    private static bool HasPfOn(JsonElement input, int[] cells) =>
        input.GetProperty("before").EnumerateArray().Any(pool =>
            pool.GetProperty("dev_type").GetString() == "type-PF"
            && Host.Find(pool, "numa_node")?.GetInt32() is { } node && cells.Contains(node));

    // A PF is asked for with another function, and both are said to be there; or a taken one's relative
    // stays.
    private static bool GivesRelatives(JsonElement input)
    {
        var op = input.GetProperty("op").GetString();
        if (op is not ("consume" or "claim"))
            return op == "support" && Requests(input).Length > 1 && Requests(input).Any(AsksForPf);
        var left = Raw(input, "pools");
        var taken = Host.Find(input, "result")?.EnumerateArray().Select(address => address.GetString()) ?? [];
        return Parents(input).Any(pair =>
            (taken.Contains(pair.Vf) && left.Contains($"\"{pair.Pf}\"", StringComparison.Ordinal))
            || (taken.Contains(pair.Pf) && left.Contains($"\"{pair.Vf}\"", StringComparison.Ordinal)));
    }

    private static bool Contradicts(JsonElement input, string devices) => Parents(input).Any(pair =>
        (Status(input, devices, pair.Vf), Status(input, devices, pair.Pf))
            is ("available", "claimed" or "allocated") or ("claimed" or "allocated", "available"));

    private static string? Status(JsonElement input, string devices, string address) =>
        Host.Find(input, devices, address)?[0].GetString();

    private static IEnumerable<(string Vf, string Pf)> Parents(JsonElement input) =>
        Host.Find(input, "parents") is { } parents
            ? parents.EnumerateObject().Select(vf => (vf.Name, vf.Value.GetString()!))
            : [];

    private static IEnumerable<JsonElement> Lined(JsonElement input) =>
        Texts.Lines(input.GetProperty("line"), "device_spec").SelectMany(Texts.Objects);

    private static string Raw(JsonElement input, string name) => Host.Find(input, name)?.GetRawText() ?? "";

    private static bool Has(JsonElement entry, string name) => entry.TryGetProperty(name, out _);

    private static IEnumerable<string> Values(JsonElement entry, params string[] names) =>
        from name in names
        where Has(entry, name) && entry.GetProperty(name).ValueKind == JsonValueKind.String
        select entry.GetProperty(name).GetString();

    [GeneratedRegex(@"[+_-]|[^\x00-\x7f]")]
    private static partial Regex OddNumber();

    [GeneratedRegex(@"\A\s*[0-9]+\s*\z")]
    private static partial Regex Count();

    [GeneratedRegex(@"\A[0-9a-fA-F]{4}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"\A[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,2}:[01]?[0-9a-fA-F]\.[0-7]\z")]
    private static partial Regex FunctionAddress();
}
