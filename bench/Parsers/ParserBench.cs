using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Platform.Support.Fuzzing;

namespace Platform.Bench.Parsers;

/// <summary>
/// A million random and mutated inputs for each parser: an answer or a clear refusal, and how long that
/// takes; what longer inputs cost for each character; and regexes that are made to take long.
/// </summary>
internal static class ParserBench
{
    private const int Short = 1 << 10;
    private const int Long = 1 << 16;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    // Backtracking alone would be at these until the host is thrown away.
    private static readonly string[] Traps =
    [
        "(?=((0*)*)*1)0", @"(?:(0|0?)+)+\1x", "((((0{0,99}){0,99}){0,99}){0,99})", "(?=((((0?)*)*)*)*1)0",
        "((0|00|000)*)*(?!.*0)1", "(?=(.*.*.*.*.*.*.*.*)*1)(0+0+)+1",
    ];

    public static int Run(int inputs, int seed)
    {
        Console.WriteLine($"{inputs} random and mutated inputs for each parser, seed {seed}");
        if (FuzzedParsers.All.Select(parser => Fuzz(parser, inputs, new(seed))).ToList().Contains(false))
            return 1;
        Console.WriteLine($"time for a character of {Long >> 10} KB : of {Short >> 10} KB, the worst form");
        foreach (var parser in FuzzedParsers.All)
            Grow(parser);
        Console.WriteLine($"{Traps.Length} regexes that ask for endless backtracking, the slowest: "
            + string.Create(Invariant, $"{Traps.Max(Trap) * 1e3:0} ms; the limit of a match is 100 ms"));
        return 0;
    }

    private static bool Fuzz(FuzzedParser parser, int inputs, Random random)
    {
        var took = new double[inputs];
        for (var number = 0; number < inputs; number++)
        {
            var texts = parser.Inputs(random);
            var start = Stopwatch.GetTimestamp();
            try
            {
                parser.Read(texts);
            }
            // Which exception comes is what is looked for.
            catch (Exception other)
            {
                Console.Error.WriteLine(
                    $"{parser.Name}, input {number}: {other.GetType().Name}: {other.Message}\n"
                        + JsonSerializer.Serialize(texts));
                return false;
            }

            took[number] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        var total = took.Sum();
        Array.Sort(took);
        Console.WriteLine(string.Create(
            Invariant,
            $"{parser.Name,-16} {total,6:0.0} s   p50 {took[inputs / 2] * 1e6,6:0.0} us   "
                + $"p99 {took[inputs / 100 * 99] * 1e6,6:0.0} us   max {took[^1] * 1e3,6:0.0} ms"));
        return true;
    }

    private static void Grow(FuzzedParser parser)
    {
        var (few, many) = parser.Growing.Select(form => (Few: OfOne(form, Short), Many: OfOne(form, Long)))
            .MaxBy(pair => pair.Many / pair.Few);
        Console.WriteLine(string.Create(
            Invariant,
            $"{parser.Name,-16} {many * 1e9,6:0.0} ns : {few * 1e9,6:0.0} ns = {many / few:0.00}"));

        // The quickest of many: what is slower was interrupted.
        double OfOne(Func<int, string[]> form, int length)
        {
            var texts = form(length);
            return Quickest(Math.Max(30, 40 * Long / length / 8), () => parser.Read(texts)) / length;
        }
    }

    private static double Trap(string pattern) => Quickest(1, () => FuzzedParsers.Regex.Read([pattern]));

    private static double Quickest(int runs, Action act) => Enumerable.Range(0, runs).Min(_ =>
    {
        var start = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    });
}
