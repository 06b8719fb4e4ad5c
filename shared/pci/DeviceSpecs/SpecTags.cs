using System.Text.Json;

namespace Platform.Pci.DeviceSpecs;

/// <summary>Reads the tags of an entry. They are texts: a number or a truth value is taken as it is written.
/// </summary>
internal static class SpecTags
{
    public static DeviceTags Read(SpecEntry entry) =>
        new(entry.Rest.Select(tag => KeyValuePair.Create(tag.Key, Text(tag.Key, tag.Value, entry))));

    private static string? Text(string name, JsonElement value, SpecEntry entry) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object or JsonValueKind.Array => throw entry.Refuse(
            SpecRefusalKind.Invalid, name, value.GetRawText(), "a tag is a string or null"),
        _ => value.GetRawText(),
    };
}
