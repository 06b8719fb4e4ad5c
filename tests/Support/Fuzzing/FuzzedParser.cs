namespace Platform.Support.Fuzzing;

/// <summary>
/// A parser, and inputs made for it at random. Whatever is written: an answer, or a refusal that says what
/// and why. Never another exception.
/// </summary>
/// <param name="Inputs">The texts of one reading.</param>
/// <param name="Growing">The texts of one reading, as long as told.</param>
/// <param name="Read">Reads them. Returns when there was an answer or a clear refusal, and throws
/// otherwise.</param>
public sealed record FuzzedParser(
    string Name, Func<Random, string[]> Inputs, IReadOnlyList<Func<int, string[]>> Growing,
    Action<string[]> Read)
{
    private static readonly string[] Marks =
    [
        "*", ".", ":", "0", "a", "F", "-", "+", "_", "x", "0x", " ", "\t", "\0", "\n", "\"", "\\", "{", "}",
        "[", "]", ",", "(", ")", "(?", "|", "\u0661", "\ud800", "\udc00", "\\ud800", "\ufeff", "1e999", "NaN",
        "null", "true", "99999999999999999999",
    ];

    public override string ToString() => Name;

    /// <summary>One of the texts, with up to three pieces left out, put in or written twice.</summary>
    internal static string Changed(Random random, string[] texts)
    {
        var text = texts[random.Next(texts.Length)];
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            var length = random.Next(Math.Min(4, text.Length - at) + 1);
            text = random.Next(3) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Marks[random.Next(Marks.Length)]),
                _ => text.Insert(at, text.Substring(at, length)),
            };
        }

        return text;
    }

    /// <summary>A part so often that it is about so long, between what goes before and after it.</summary>
    internal static string Grown(int length, string before, string part, string after) =>
        $"{before}{string.Concat(Enumerable.Repeat(part, length / part.Length))}{after}";

    internal static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw new UnclearAnswerException(otherwise);
    }

    internal static void ExpectClear(string refusal) => Expect(
        refusal.Contains("is refused: ", StringComparison.Ordinal) && refusal.Length is >= 20 and <= 2_000,
        $"The refusal does not say what and why: {refusal}");
}

/// <summary>A parser gave an answer that is none, or a refusal that nobody can read.</summary>
public sealed class UnclearAnswerException(string message) : Exception(message);
