namespace Platform.Conformance.Tests;

/// <summary>How many answers agree, deviate by a rule, and differ.</summary>
public sealed class Tally
{
    private readonly Dictionary<Deviation, int> deviating = [];
    private readonly List<Answer> differing = [];

    public Tally(IEnumerable<Answer> answers)
    {
        foreach (var answer in answers)
            if (answer.Agrees)
                Agree++;
            else if (Deviations.Of(answer) is { } rule)
                deviating[rule] = deviating.GetValueOrDefault(rule) + 1;
            else
                differing.Add(answer);
    }

    public int Agree { get; }

    public int Deviate => deviating.Values.Sum();

    public int Differ => differing.Count;

    public IReadOnlyDictionary<Deviation, int> Deviating => deviating;

    public IReadOnlyList<Answer> Differing => differing;

    public override string ToString() => $"{Agree} agree, {Deviate} deviate, {Differ} differ";
}

/// <summary>The command line: replays files and says how we did.</summary>
public static class Report
{
    private const int DifferencesShown = 10;

    /// <returns>0 when nothing differs; 1 when something does; 2 when a file cannot be replayed.</returns>
    public static int Print(IReadOnlyList<string> files, TextWriter output)
    {
        if (files.Count == 0)
        {
            output.WriteLine("Name one or more files of recorded answers: FILE.jsonl or FILE.jsonl.gz.");
            return 2;
        }

        var worst = 0;
        foreach (var file in files)
            worst = Math.Max(worst, Print(file, output));
        return worst;
    }

    private static int Print(string file, TextWriter output)
    {
        Tally tally;
        try
        {
            tally = new(Recording.Replay(file));
        }
        catch (Exception e) when (e is IOException or NotSupportedException or System.Text.Json.JsonException)
        {
            output.WriteLine($"{file}: {e.Message}");
            return 2;
        }

        foreach (var answer in tally.Differing.Take(DifferencesShown))
            output.WriteLine($"""
                {answer.Kind} {answer.Id}
                  Nova: {answer.Nova}
                  we:   {answer.Ours}
                """);
        foreach (var (rule, count) in tally.Deviating)
            output.WriteLine($"{count} deviate: {rule.Name}. {rule.Reason}");
        output.WriteLine($"{Path.GetFileName(file)}: {tally}");
        return tally.Differ == 0 ? 0 : 1;
    }
}
