using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// Rewrites a regex of Python 3.11 for .NET: groups get their numbers, escapes and sets are spelt out, and
/// what Python refuses is refused, but for lookbehinds of any width. Not taken: <c>(?x)</c> and
/// <c>\N{...}</c>.
/// </summary>
internal sealed class PythonRegexTranslator(string pattern)
{
    // As good as any larger number for fields of four digits; it keeps nested repeats small.
    private const int RepeatMax = 8;

    // What begins a group, and is the same in both.
    private static readonly string[] SameKinds = [":", "=", "!", "<=", "<!", ">"];

    private readonly PatternReader reader = new(pattern);
    private readonly StringBuilder output = new();
    private readonly Dictionary<string, int> groupsByName = [];
    private readonly Stack<(int Begin, int Group)> open = [];
    private RegexOptions options;
    private int groups;
    private int lastAskedFor;

    // Where the part that a repeat would repeat begins in the output; -1 when there is none.
    private int repeatable = -1;

    /// <exception cref="FormatException">The pattern is none in Python, or is not taken here.</exception>
    public (string Pattern, RegexOptions Options) Translate()
    {
        while (!reader.Ends)
            Translate(reader.Next());
        if (open.Count > 0)
            throw new FormatException("a ( is not closed");
        if (lastAskedFor > groups)
            throw new FormatException($"there is no group {lastAskedFor}");
        return (output.ToString(), options);
    }

    private void Translate(char c)
    {
        switch (c)
        {
            case '(':
                Open();
                break;
            case ')':
                repeatable = open.TryPop(out var group)
                    ? group.Begin
                    : throw new FormatException("a ) too many");
                output.Append(')');
                break;
            case '|' or '^' or '$':
                NotRepeatable(c.ToString());
                break;
            case '*' or '+' or '?':
                Repeat(c == '+' ? 1 : 0, c == '?' ? 1 : null);
                break;
            case '{' when ReadRepeat() is var (least, most):
                Repeat(least, most);
                break;
            case '[':
                Atom(PythonRegexSet.Read(reader));
                break;
            case '\\':
                Escape();
                break;
            case '.':
                Atom(".");
                break;
            default:
                Atom(PythonRegexSet.Literal(c));
                break;
        }
    }

    private void Atom(string text)
    {
        repeatable = output.Length;
        output.Append(text);
    }

    private void NotRepeatable(string text)
    {
        repeatable = -1;
        output.Append(text);
    }

    // After a {: {3}, {3,}, {,3}, {3,5} or {,}; anything else is the character itself.
    private (int Least, int? Most)? ReadRepeat()
    {
        var begin = reader.Position;
        var least = reader.Digits();
        var range = reader.Take(",");
        var most = range ? reader.Digits() : least;
        if (!reader.Take("}") || (!range && least.Length == 0))
        {
            reader.Return(begin);
            return null;
        }

        return (least.Length == 0 ? 0 : Count(least), most.Length == 0 ? null : Count(most));
    }

    private static int Count(string digits) =>
        uint.TryParse(digits, CultureInfo.InvariantCulture, out var count) && count < uint.MaxValue
            ? (int)Math.Min(count, int.MaxValue)
            : throw new FormatException($"a repeat of {digits} is too large");

    private void Repeat(int least, int? most)
    {
        if (repeatable < 0)
            throw new FormatException("a repeat has nothing to repeat");
        if (most < least)
            throw new FormatException("the least of a repeat is above its most");

        var (begin, upTo) = (repeatable, most is { } limit ? Math.Min(limit, RepeatMax) : (int?)null);
        NotRepeatable(string.Create(
            CultureInfo.InvariantCulture, $"{{{Math.Min(least, RepeatMax)},{upTo}}}"));
        if (reader.Take("?"))
            output.Append('?');
        else if (reader.Take("+"))
            output.Insert(begin, "(?>").Append(')');
    }

    private void Escape()
    {
        var c = reader.Peek();
        if (c is 'A' or 'Z' or 'b' or 'B')
            NotRepeatable(reader.Next() == 'Z' ? "\\z" : $"\\{c}");
        else if (c is < '1' or > '9' || IsOctal())
            Atom(PythonRegexSet.ReadEscape(reader));
        else
            Reference(reader.Next() - '0' is var tens && char.IsAsciiDigit(reader.Peek())
                ? (tens * 10) + (reader.Next() - '0')
                : tens);
    }

    // Three octal digits are a character, fewer a reference.
    private bool IsOctal() =>
        Enumerable.Range(0, 3).All(further => reader.Peek(further) is >= '0' and <= '7');

    private void Reference(int group)
    {
        if (group == 0 || group > groups || open.Any(begun => begun.Group == group))
            throw new FormatException($"the reference {group} is to no group before it");
        Atom($"\\k<{group}>");
    }

    private void Open()
    {
        var begin = output.Length;
        if (reader.Take("?#"))
            reader.Until(')');
        else if (reader.Take("?P="))
            Reference(groupsByName.GetValueOrDefault(reader.Until(')')));
        else if (!reader.Take("?"))
            Open($"(?<{++groups}>", groups);
        else if (reader.Take("P<"))
            Open($"(?<{Name(reader.Until('>'))}>", groups);
        else if (reader.Take("("))
            Open($"(?({Condition(reader.Until(')'))})", 0);
        else if (SameKinds.FirstOrDefault(reader.Take) is { } kind)
            Open($"(?{kind}", 0);
        else if (PythonRegexFlags.Read(reader, ref options) is { } part)
            Open(part, 0);

        void Open(string text, int group)
        {
            open.Push((begin, group));
            NotRepeatable(text);
        }
    }

    private int Name(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c == '_')
        && groupsByName.TryAdd(name, ++groups)
            ? groups
            : throw new FormatException($"the group name '{name}' is none, or there twice");

    // A group by its number may come later.
    private int Condition(string name)
    {
        if (!groupsByName.TryGetValue(name, out var group)
            && !(name.All(char.IsAsciiDigit) && int.TryParse(name, CultureInfo.InvariantCulture, out group))
            || group == 0)
            throw new FormatException($"there is no group '{name}' before it");
        lastAskedFor = Math.Max(lastAskedFor, group);
        return group;
    }
}
