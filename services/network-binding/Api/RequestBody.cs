using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.NetworkBinding.Domain;

namespace Platform.NetworkBinding.Api;

/// <summary>
/// The attributes of a request, read one by one. The first that is wrong is the one refused, in Neutron's
/// words; what is not given reads as what it was.
/// </summary>
internal sealed class RequestBody
{
    private readonly JsonObject attributes;

    private RequestBody(JsonObject attributes, Refusal? refused)
    {
        this.attributes = attributes;
        Refused = refused;
    }

    public Refusal? Refused { get; private set; }

    /// <summary>Reads <c>{"port": {...}}</c>, or what <paramref name="wrapper"/> says.</summary>
    public static async Task<RequestBody> Read(HttpRequest request, string wrapper, CancellationToken stop)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(stop);
        try
        {
            var body = text.Length == 0 ? null : JsonNode.Parse(text) as JsonObject;
            return body?[wrapper] is JsonObject given
                ? new(given, null)
                : new([], Refusal.BadRequest($"Unable to find '{wrapper}' in request body"));
        }
        catch (JsonException)
        {
            return new([], Refusal.BadRequest("Body contains invalid data"));
        }
    }

    public bool Has(string name) => attributes.ContainsKey(name);

    /// <summary>Refuses what there is no attribute for, and what a user may only read.</summary>
    public void Allow(
        IReadOnlyCollection<string> writable, IReadOnlyCollection<string> readOnly, bool isUpdate)
    {
        var names = attributes.Select(a => a.Key).ToList();
        var locked = names.FirstOrDefault(readOnly.Contains);
        var unknown = names.Where(n => !writable.Contains(n) && !readOnly.Contains(n)).ToList();
        if (unknown.Count > 0)
            Refuse($"Unrecognized attribute(s) '{string.Join(", ", unknown)}'");
        else if (locked != null)
            Refuse(isUpdate
                ? $"Cannot update read-only attribute {locked}"
                : $"Attribute '{locked}' not allowed in POST");
    }

    public void Require(string name)
    {
        if (!Has(name))
            Refuse($"Failed to parse request. Required attribute '{name}' not specified");
    }

    public string Text(string name, string otherwise) =>
        Has(name) ? NullableText(name, null) ?? Wrong(name) : otherwise;

    /// <summary>Null when null was given.</summary>
    public string? NullableText(string name, string? otherwise)
    {
        if (!Has(name))
            return otherwise;
        if (attributes[name] is not { } value)
            return null;
        if (value.GetValueKind() == JsonValueKind.String)
            return value.GetValue<string>();
        Refuse($"Invalid input for {name}. Reason: '{value.ToJsonString()}' is not a valid string.");
        return null;
    }

    public string Choice(string name, string otherwise, IReadOnlyList<string> choices)
    {
        if (!Has(name))
            return otherwise;
        var value = attributes[name];
        var text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        if (text != null && choices.Contains(text))
            return text;
        Refuse($"Invalid input for {name}. Reason: {Shown(value)} is not in valid_values.");
        return otherwise;
    }

    /// <summary>Null when null was given.</summary>
    public string? NullableChoice(string name, string? otherwise, IReadOnlyList<string> choices) =>
        Has(name) && attributes[name] is null ? null : Has(name) ? Choice(name, "", choices) : otherwise;

    public bool Flag(string name, bool otherwise)
    {
        if (!Has(name))
            return otherwise;
        var text = attributes[name]?.ToString();
        if (bool.TryParse(text, out var flag))
            return flag;
        Refuse($"Invalid input for {name}. Reason: '{text ?? "None"}' cannot be converted to boolean.");
        return otherwise;
    }

    public int? Number(string name)
    {
        if (attributes[name] is not { } value)
            return null;
        if (int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        Refuse($"Invalid input for {name}. Reason: '{value}' is not an integer.");
        return null;
    }

    /// <summary>The object's text as it is kept; null clears it.</summary>
    public string ObjectText(string name, string otherwise, int lengthMax)
    {
        if (!Has(name))
            return otherwise;
        if (attributes[name] is { } value && value is not JsonObject)
            Refuse($"Invalid input for {name}. Reason: '{Shown(value)}' is not a dictionary.");
        var text = attributes[name]?.ToJsonString() ?? "{}";
        if (text.Length > lengthMax)
            Refused ??= Refusal.InvalidInput($"{name} value too large");
        return text;
    }

    /// <summary>Refuses the request, unless it was refused before.</summary>
    public void Refuse(string message) => Refused ??= Refusal.BadRequest(message);

    // As Python prints it, which is how Neutron quotes it.
    private static string Shown(JsonNode? value) => value == null
        ? "None"
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private string Wrong(string name)
    {
        Refuse($"Invalid input for {name}. Reason: 'None' is not a valid string.");
        return "";
    }
}
