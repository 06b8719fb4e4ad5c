using System.Text.Json;

namespace Platform.Pci.DeviceSpecs;

/// <summary>One JSON object of a device spec, while it is read: field by field, in Nova's order.</summary>
internal sealed class SpecEntry
{
    private readonly int number;
    private readonly Dictionary<string, JsonElement> fields = [];

    public SpecEntry(JsonElement json, int number)
    {
        this.number = number;
        foreach (var field in json.EnumerateObject())
            fields[field.Name] = field.Value;
    }

    /// <summary>What nobody took: the tags.</summary>
    public IReadOnlyDictionary<string, JsonElement> Rest => fields;

    public SpecRefusedException Refuse(SpecRefusalKind kind, string field, string value, string allowed) =>
        new(new(kind, number, field, value, allowed));

    public bool Has(string name) => fields.ContainsKey(name);

    /// <summary>Takes a field out; null when it is not there.</summary>
    public JsonElement? Take(string name) => fields.Remove(name, out var value) ? value : null;

    /// <summary>Takes a field out; null when it is not there, or is what Python calls false.</summary>
    public JsonElement? TakeUnlessEmpty(string name) =>
        fields.Remove(name, out var value) && !IsEmpty(value) ? value : null;

    /// <summary>Takes an id out: <c>*</c>, or up to four hex digits; null for any.</summary>
    /// <param name="blanksAroundAny">Whether <c>" * "</c> is <c>*</c>.</param>
    public string? TakeId(string name, bool blanksAroundAny)
    {
        if (!fields.Remove(name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.String)
            throw Refuse(
                SpecRefusalKind.Invalid, name, value.GetRawText(), "write a string of hex digits, or \"*\"");
        var text = value.GetString()!;
        return HexOrAny(name, blanksAroundAny ? text.Trim() : text, 0xffff) is { } id ? $"{id:x4}" : null;
    }

    public int? HexOrAny(string field, string text, int max)
    {
        if (text == "*")
            return null;
        return HexField.TryRead(text, max, out var value, out var allowed)
            ? value
            : throw Refuse(SpecRefusalKind.Invalid, field, text, allowed);
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Number => value.GetDouble() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.True => false,
        _ => true,
    };
}
