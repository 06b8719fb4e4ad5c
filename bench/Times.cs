using System.Diagnostics;
using System.Globalization;

namespace Platform.Bench;

/// <summary>How long something takes, in seconds.</summary>
internal sealed record Times(double Median, double P99)
{
    /// <summary>Runs it so often, and before that a tenth as often uncounted.</summary>
    /// <param name="act">Given the number of the run, which goes on from the uncounted ones.</param>
    public static Times Of(int runs, Action<int> act) => Of(runs, run => run, act);

    /// <summary>The same, with what is made for each run, uncounted.</summary>
    public static Times Of<T>(int runs, Func<int, T> make, Action<T> act)
    {
        var warmUp = runs / 10;
        for (var run = 0; run < warmUp; run++)
            act(make(run));
        var took = new long[runs];
        for (var run = 0; run < runs; run++)
        {
            var made = make(warmUp + run);
            var start = Stopwatch.GetTimestamp();
            act(made);
            took[run] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(took);
        return new(Seconds(took[runs / 2]), Seconds(took[runs * 99 / 100]));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {Median * 1e6,8:0.0} us   p99 {P99 * 1e6,8:0.0} us");

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
}
