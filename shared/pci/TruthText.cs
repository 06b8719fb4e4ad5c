using System.Text.Json;

namespace Platform.Pci;

/// <summary>Truth values as Nova reads them from configuration and profiles.</summary>
internal static class TruthText
{
    /// <summary>
    /// <c>1</c>, <c>t</c>, <c>true</c>, <c>on</c>, <c>y</c> and <c>yes</c> in any case are true; all else,
    /// nothing included, is false.
    /// </summary>
    public static bool IsTrue(JsonElement value) => IsTrue(value.ValueKind switch
    {
        JsonValueKind.Undefined => "",
        JsonValueKind.String => TextOf(value),
        _ => value.GetRawText(),
    });

    // Half a surrogate pair is no text, and so no truth.
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <inheritdoc cref="IsTrue(JsonElement)"/>
    public static bool IsTrue(string? text) =>
        text?.Trim().ToUpperInvariant() is "1" or "T" or "TRUE" or "ON" or "Y" or "YES";
}
