using System.Globalization;

namespace Platform.Bench;

/// <summary>How much is measured.</summary>
/// <param name="Boots">Boots a round.</param>
/// <param name="InFlight">Boots under way at once.</param>
/// <param name="Rounds">Rounds; the median counts. Platform and floor take turns.</param>
public sealed record BenchArguments(int Boots, int InFlight, int Rounds)
{
    /// <summary>Run before each round and not counted: code is compiled, connections are opened.</summary>
    public int WarmUp { get; } = 3000;

    /// <summary>What one round needs room for.</summary>
    public int All => WarmUp + Boots;

    public static BenchArguments Parse(IReadOnlyList<string> args) => new(
        Value(args, 0, 600), Value(args, 1, 64), Value(args, 2, 3));

    public static int Refuse(string name)
    {
        Console.Error.WriteLine(
            $"There is no benchmark {name}: give boots [boots] [in flight] [rounds], placement, or "
                + "parsers [inputs] [seed].");
        return 1;
    }

    /// <summary>A number above 0 at this place, or another.</summary>
    public static int Value(IReadOnlyList<string> args, int index, int otherwise) =>
        args.Count > index
        && int.TryParse(args[index], CultureInfo.InvariantCulture, out var value)
        && value > 0
            ? value
            : otherwise;
}
