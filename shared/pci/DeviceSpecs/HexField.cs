namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// A number as device specs write it: hex digits in either case, perhaps with <c>0x</c> before them as in
/// sysfs, and blanks around them. No sign and no <c>_</c>, though Nova lets them through.
/// </summary>
internal static class HexField
{
    /// <summary>Reads a number of 0 to max, or says why the text is none.</summary>
    public static bool TryRead(string text, int max, out int value, out string allowed)
    {
        value = 0;
        allowed = $"write hex digits, up to {max:x}, or *";
        var digits = text.AsSpan().Trim();
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            digits = digits[2..];
        if (digits.IsEmpty)
            return false;

        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
            // One above the limit stays one above it, however long the text.
            value = Math.Min((value * 16) + Value(digit), max + 1);
        }

        allowed = $"the most is {max:x}";
        return value <= max;
    }

    private static int Value(char digit) =>
        char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
