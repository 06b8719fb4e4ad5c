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
}
