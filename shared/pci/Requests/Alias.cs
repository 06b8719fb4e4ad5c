using System.Text.Json;

namespace Platform.Pci.Requests;

/// <summary>One definition of an alias: a JSON object of strings (C25).</summary>
/// <param name="Name">Without blanks around it; its case counts.</param>
/// <param name="Spec">What a function must be: <c>vendor_id</c>, <c>product_id</c>, <c>dev_type</c>,
/// <c>capability_type</c>.</param>
internal sealed record AliasDefinition(
    string Name, NumaPolicy NumaPolicy, IReadOnlyDictionary<string, string?> Spec)
{
    private const int NameMax = 256;
    private const string DeviceTypeKey = "dev_type";

    public string? DeviceType => Spec.GetValueOrDefault(DeviceTypeKey);

    /// <param name="number">Which of the options, counted from 1.</param>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static AliasDefinition Parse(string option, int number)
    {
        if (JsonText.Read(option, out var reason) is not { } json)
            throw Refuse(number, "", option, $"write JSON ({reason})");
        if (json.ValueKind != JsonValueKind.Object)
            throw Refuse(number, "", option, "write a JSON object");

        var spec = new Dictionary<string, string?>();
        foreach (var field in json.EnumerateObject())
            spec[field.Name] = field.Value.ValueKind == JsonValueKind.String
                ? field.Value.GetString()
                : throw Refuse(number, field.Name, field.Value.GetRawText(), "write a string");
        foreach (var (key, value) in spec)
            if (WhatIsAllowed(key, value!) is { } allowed)
                throw Refuse(number, key, value!, allowed);
        if (!spec.Remove("name", out var name))
            throw Refuse(number, "", option, "name is missing");

        var policy = spec.Remove("numa_policy", out var text) ? NumaPolicyText.Find(text!) : null;
        if (spec.Remove("device_type", out var type))
            spec[DeviceTypeKey] = type;
        return new(name!.Trim(), policy ?? NumaPolicy.Legacy, spec);
    }

    public static RequestRefusedException Refuse(int number, string field, string value, string allowed) =>
        new(new(
            RequestRefusalKind.InvalidAlias,
            field.Length == 0 ? $"alias {number}" : $"alias {number}: {field}", value, allowed));

    // Null when the value is one of them.
    private static string? WhatIsAllowed(string key, string value) => key switch
    {
        "name" => value.Length > 0 && value.EnumerateRunes().Count() <= NameMax
            ? null : $"write 1 to {NameMax} characters",
        "vendor_id" or "product_id" => value.Length == 4 && value.All(char.IsAsciiHexDigit)
            ? null : "write four hex digits",
        "device_type" => Pci.DeviceType.IsKnown(value)
            ? null : $"write {Pci.DeviceType.Pci}, {Pci.DeviceType.Pf} or {Pci.DeviceType.Vf}",
        "numa_policy" => NumaPolicyText.Find(value) is not null ? null : NumaPolicyText.Allowed,
        "capability_type" => value == "pci" ? null : "write pci",
        _ => "the keys are name, vendor_id, product_id, device_type, numa_policy and capability_type",
    };
}

/// <summary>What a flavor may ask for by name: any of the alternatives.</summary>
public sealed record Alias(
    string Name, NumaPolicy NumaPolicy, IReadOnlyList<IReadOnlyDictionary<string, string?>> Alternatives);
