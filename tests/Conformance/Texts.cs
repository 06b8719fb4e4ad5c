using System.Text.Json;
using Platform.Pci;
using Platform.Pci.Requests;

namespace Platform.Conformance.Tests;

/// <summary>Answers as texts, the same for Nova's and ours.</summary>
internal static class Texts
{
    public static string Match(int? index, JsonElement tags) => Match(
        index,
        tags.ValueKind == JsonValueKind.Object ? Tags(tags) : null);

    public static string Match(int? index, DeviceTags? tags) =>
        $"{(index is null ? "no match" : $"entry {index}")}, tags {tags}";

    public static string Requests(JsonElement requests) => string.Join("; ", requests.EnumerateArray()
        .Select(request => $"{request.GetProperty("count")} of {request.GetProperty("alias_name")} "
            + $"{request.GetProperty("numa_policy")} {Alternatives(request.GetProperty("spec"))}"));

    public static string Requests(IReadOnlyList<DeviceRequest> requests) => string.Join("; ", requests
        .Select(request => $"{request.Count} of {request.AliasName} "
            + $"{Policy(request.NumaPolicy)} {Alternatives(request.Spec)}"));

    public static string Alternatives(JsonElement specs) => string.Join(" or ", specs.EnumerateArray()
        .Select(spec => $"{{{Tags(spec)}}}"));

    public static string Alternatives(IReadOnlyList<IReadOnlyDictionary<string, string?>> specs) =>
        string.Join(" or ", specs.Select(spec => $"{{{new DeviceTags(spec)}}}"));

    public static string? Policy(NumaPolicy? policy) => policy?.ToString().ToLowerInvariant();

    /// <summary>The texts of a field that is one text, a list of them, or null.</summary>
    public static IEnumerable<string> Lines(JsonElement input, string field) =>
        Host.Find(input, field) switch
        {
            { ValueKind: JsonValueKind.Array } texts =>
                texts.EnumerateArray().Select(text => text.GetString()!),
            { } text => [text.GetString()!],
            null => [],
        };

    /// <summary>The object in a JSON text, or those in its list; none when it is no JSON.</summary>
    public static IEnumerable<JsonElement> Objects(string text)
    {
        JsonElement json;
        try
        {
            json = JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return [];
        }

        var all = json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().ToArray() : [json];
        return all.Where(item => item.ValueKind == JsonValueKind.Object);
    }

    private static DeviceTags Tags(JsonElement tags) =>
        new(tags.EnumerateObject().Select(tag => KeyValuePair.Create(tag.Name, Text(tag.Value))));

    // Nova keeps numbers and truth values as they are until its database makes texts of them; we at once.
    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
