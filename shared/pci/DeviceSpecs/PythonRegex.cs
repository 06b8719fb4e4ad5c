using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// Device specs have regexes in Python's syntax. They are compiled for short fields: in linear time where the
/// pattern allows it, else with a limit, so that no spec can hang a host.
/// </summary>
internal static class PythonRegex
{
    // Fields have four digits at most: whatever takes longer is a trap.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);
    private const int LengthMax = 1000;

    /// <summary>Compiles a pattern, or says what is wrong with it.</summary>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out string reason)
    {
        (regex, reason) = (null, "");
        try
        {
            if (pattern.Length > LengthMax)
                throw new FormatException($"{pattern.Length} characters, {LengthMax} are the most");
            var (translated, options) = new PythonRegexTranslator(pattern).Translate();
            regex = Compile(translated, options | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            reason = $"it is no regex ({wrong.Message})";
            return false;
        }
    }

    private static Regex Compile(string pattern, RegexOptions options)
    {
        try
        {
            return new(pattern, options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new(pattern, options, Limit);
        }
    }
}
