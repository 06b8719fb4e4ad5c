using System.Globalization;

namespace Platform.Pci.DeviceSpecs;

/// <summary>Reads a pattern from left to right.</summary>
internal sealed class PatternReader(string pattern)
{
    private int at;

    public bool Ends => at >= pattern.Length;

    public int Position => at;

    /// <summary>The next character without taking it, or one further on; a 0 character after the end.
    /// </summary>
    public char Peek(int further = 0) => at + further < pattern.Length ? pattern[at + further] : '\0';

    public char Next() => Ends ? throw new FormatException("it ends too early") : pattern[at++];

    /// <summary>Goes back to a <see cref="Position"/>.</summary>
    public void Return(int position) => at = position;

    public bool Take(string text)
    {
        if (!pattern.AsSpan(at).StartsWith(text, StringComparison.Ordinal))
            return false;
        at += text.Length;
        return true;
    }

    /// <summary>What is before the next mark; the mark is taken, too.</summary>
    public string Until(params ReadOnlySpan<char> marks)
    {
        var length = pattern.AsSpan(at).IndexOfAny(marks);
        if (length < 0)
            throw new FormatException($"a {marks[^1]} is missing");
        var text = pattern.Substring(at, length);
        at += length + 1;
        return text;
    }

    /// <summary>The digits that come next, as many as there are.</summary>
    public string Digits()
    {
        var begin = at;
        while (char.IsAsciiDigit(Peek()))
            at++;
        return pattern[begin..at];
    }

    /// <summary>The number in the next hex digits.</summary>
    public int Hex(int length)
    {
        var digits = at + length <= pattern.Length ? pattern.Substring(at, length) : "";
        if (digits.Length == 0 || !digits.All(char.IsAsciiHexDigit))
            throw new FormatException($"{length} hex digits are missing");
        var code = uint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (code > 0x10ffff)
            throw new FormatException($"there is no character {digits}");
        at += length;
        return (int)code;
    }

    /// <summary>The character in the next one to three octal digits.</summary>
    public int Octal()
    {
        var code = 0;
        for (var digits = 0; digits < 3 && Peek() is >= '0' and <= '7'; digits++)
            code = (code * 8) + (Next() - '0');
        return code <= 0xff ? code : throw new FormatException(@"an octal character is above \377");
    }
}
