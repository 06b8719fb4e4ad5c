using System.Text.Json;

namespace Platform.Pci;

/// <summary>JSON in a configuration value.</summary>
internal static class JsonText
{
    /// <summary>Reads JSON whose every name and string can be read; null with the reason otherwise.</summary>
    public static JsonElement? Read(string text, out string reason)
    {
        reason = "";
        try
        {
            var json = JsonElement.Parse(text);
            ReadAll(json);
            return json;
        }
        // Half a surrogate pair is no text; it is found when read, and by other exceptions.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            reason = e is JsonException ? e.Message : "a string in it is no text";
            return null;
        }
    }

    // As deep as the parser allows: 64 levels.
    private static void ReadAll(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in json.EnumerateObject())
                {
                    _ = field.Name;
                    ReadAll(field.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                    ReadAll(item);
                break;
            case JsonValueKind.String:
                _ = json.GetString();
                break;
            default:
                break;
        }
    }
}
