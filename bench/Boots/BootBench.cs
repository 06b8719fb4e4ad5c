using Platform.Support;

namespace Platform.Bench.Boots;

/// <summary>
/// Durable boots a second, from BootRequested to BootSucceeded, on a real RabbitMQ and a real PostgreSQL with
/// fsync on, beside a floor of the same run: as many confirmed hops and committed transactions as the servers
/// counted for a boot, with no logic in them.
/// </summary>
internal static class BootBench
{
    public static async Task<int> Run(BenchArguments arguments)
    {
        if (TestServers.AreGiven)
        {
            Console.Error.WriteLine(
                "This counts what its own servers do: "
                + "unset PLATFORM_TEST_POSTGRES and PLATFORM_TEST_RABBITMQ.");
            return 1;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        await using var servers = new TestServers();
        await servers.StartBoth();
        var platform = new List<Round>();
        var floor = new List<Round>();
        for (var round = 0; round < arguments.Rounds; round++)
        {
            platform.Add(await BootLoad.Measure(servers, arguments, limit.Token));
            Console.WriteLine($"round {round + 1}  platform  {platform[^1]}");
            floor.Add(await Floor.Measure(servers, arguments, platform[^1].Each, limit.Token));
            Console.WriteLine($"round {round + 1}  floor     {floor[^1]}");
        }

        var (boots, hops) = (Round.Median(platform), Round.Median(floor));
        Console.WriteLine();
        Console.WriteLine(
            $"{arguments.Boots} boots, {arguments.InFlight} in flight, median of {arguments.Rounds} rounds");
        Console.WriteLine($"platform  {boots}");
        Console.WriteLine($"floor     {hops}");
        Console.WriteLine(
            $"ratio     {boots.PerSecond / hops.PerSecond:0.00} of the floor's throughput; "
            + $"{hops.Each.Cpu.All / boots.Each.Cpu.All:0.00} by CPU");
        return 0;
    }
}
