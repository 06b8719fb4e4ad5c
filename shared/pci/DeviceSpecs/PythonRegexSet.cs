using System.Text;

namespace Platform.Pci.DeviceSpecs;

/// <summary>Characters, escapes and sets of a Python regex, written for .NET.</summary>
internal static class PythonRegexSet
{
    /// <summary>One character by its code, and so never special. Those above the first plane meet no field.
    /// </summary>
    public static string Literal(int code) => code <= 0xffff ? $"\\u{code:x4}" : "\\uffff";

    /// <summary>Reads a set from after its <c>[</c> to after its <c>]</c>.</summary>
    public static string Read(PatternReader reader)
    {
        var set = new StringBuilder(reader.Take("^") ? "[^" : "[");
        // A ] that comes first is itself.
        var first = reader.Position;
        while (reader.Position == first || !reader.Take("]"))
        {
            var low = ReadMember(reader);
            set.Append(low);
            if (reader.Peek() != '-' || reader.Peek(1) is ']' or '\0')
                continue;
            reader.Next();
            var high = ReadMember(reader);
            if (IsClass(low) || IsClass(high) || string.CompareOrdinal(low, high) > 0)
                throw new FormatException("a range in a [ goes backwards, or not between characters");
            set.Append('-').Append(high);
        }

        return set.Append(']').ToString();
    }

    /// <summary>Reads what follows a <c>\</c> and is a character, or a class of characters.</summary>
    public static string ReadEscape(PatternReader reader)
    {
        if (reader.Peek() is >= '0' and <= '7')
            return Literal(reader.Octal());
        var c = reader.Next();
        return c switch
        {
            'd' or 'D' or 's' or 'S' or 'w' or 'W' => $"\\{c}",
            'a' => Literal('\a'),
            'f' => Literal('\f'),
            'n' => Literal('\n'),
            'r' => Literal('\r'),
            't' => Literal('\t'),
            'v' => Literal('\v'),
            'x' => Literal(reader.Hex(2)),
            'u' => Literal(reader.Hex(4)),
            'U' => Literal(reader.Hex(8)),
            _ when char.IsAsciiLetterOrDigit(c) => throw new FormatException($"\\{c} is not known here"),
            _ => Literal(c),
        };
    }

    private static bool IsClass(string member) => member.Length == 2;

    private static string ReadMember(PatternReader reader)
    {
        var c = reader.Next();
        if (c != '\\')
            return Literal(c);
        return reader.Take("b") ? Literal('\b') : ReadEscape(reader);
    }
}
