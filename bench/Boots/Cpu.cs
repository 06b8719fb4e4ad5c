using System.Globalization;

namespace Platform.Bench.Boots;

/// <summary>Processor time of this process and of the servers that it started, in milliseconds.</summary>
internal readonly record struct Cpu(double Own, double Postgres, double RabbitMq)
{
    private const int MillisecondsPerTick = 10;

    public double All => Own + Postgres + RabbitMq;

    public static Cpu operator -(Cpu one, Cpu other) =>
        new(one.Own - other.Own, one.Postgres - other.Postgres, one.RabbitMq - other.RabbitMq);

    public static Cpu operator /(Cpu cpu, int runs) =>
        new(cpu.Own / runs, cpu.Postgres / runs, cpu.RabbitMq / runs);

    /// <summary>As Linux has counted it until now.</summary>
    public static Cpu Now()
    {
        var processes = Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsDigit(Path.GetFileName(folder)[0])).Select(Read).OfType<Stat>().ToList();
        var ours = new HashSet<int> { Environment.ProcessId };
        for (var known = 0; known < ours.Count;)
        {
            known = ours.Count;
            ours.UnionWith([.. processes.Where(p => ours.Contains(p.Parent)).Select(p => p.Id)]);
        }

        var sums = processes.Where(p => ours.Contains(p.Id)).ToLookup(
            p => p.Id == Environment.ProcessId ? "" : p.Name == "postgres" ? p.Name : "broker",
            p => (double)p.Ticks * MillisecondsPerTick);
        return new(sums[""].Sum(), sums["postgres"].Sum(), sums["broker"].Sum());
    }

    public override string ToString() =>
        $"{All:0.0} ms of CPU ({Own:0.0} here, {Postgres:0.0} PostgreSQL, {RabbitMq:0.0} RabbitMQ)";

    private static Stat? Read(string folder)
    {
        try
        {
            // The name, in parentheses, may hold anything.
            var text = File.ReadAllText($"{folder}/stat");
            var (start, end) = (text.IndexOf('(', StringComparison.Ordinal), text.LastIndexOf(')'));
            var fields = text[(end + 2)..].Split(' ');
            return new(
                int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture),
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                text[(start + 1)..end],
                fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    // Ticks: in user and kernel, with those of its children that have ended.
    private sealed record Stat(int Id, int Parent, string Name, long Ticks);
}
