using System.Text.RegularExpressions;

namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// Flags of a Python regex: <c>(?i)</c> for the whole pattern, and only at its beginning; <c>(?i:...)</c> and
/// <c>(?-i:...)</c> for a part.
/// </summary>
internal static class PythonRegexFlags
{
    /// <summary>Reads from after a <c>(?</c> to after the <c>:</c> or <c>)</c>.</summary>
    /// <returns>How a part begins in .NET; null for flags of the whole pattern.</returns>
    public static string? Read(PatternReader reader, ref RegexOptions options)
    {
        var begin = reader.Position;
        var flags = reader.Until(':', ')');
        reader.Return(reader.Position - 1);
        var scoped = reader.Next() == ':';
        var parts = flags.Split('-');
        var (on, off) = (parts[0], parts.Length > 1 ? parts[1] : "");
        if (parts.Length > (scoped ? 2 : 1) || (parts.Length == 2 && off.Length == 0) || flags.Length == 0
            || on.AsSpan().ContainsAnyExcept("aimsu") || off.AsSpan().ContainsAnyExcept("ims")
            || on.AsSpan().ContainsAny(off)
            || (on.Contains('a', StringComparison.Ordinal) && on.Contains('u', StringComparison.Ordinal))
            || (!scoped && begin > 2))
            throw new FormatException($"(?{flags} is not known here");

        if (scoped)
            return $"(?{Known(on)}{(off.Length > 0 ? "-" : "")}{off}:";
        foreach (var flag in Known(on))
            options |= flag switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                _ => RegexOptions.Singleline,
            };
        return null;
    }

    // Whether letters are ASCII's or all of them makes no difference to an address.
    private static string Known(string flags) =>
        string.Concat(flags.Where(flag => flag is 'i' or 'm' or 's'));
}
