using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Support;

namespace Platform.Bench.Boots;

/// <summary>
/// What a boot cannot cost less than with this transport and this database: as many hops over quorum queues
/// with publisher confirms as were counted for a boot, and as many commits, each of one small row, in the
/// same process, with the same prefetch and concurrency.
/// </summary>
internal static class Floor
{
    private const int Prefetch = 64;
    private const int Concurrency = 16;

    public static async Task<Round> Measure(
        TestServers servers, BenchArguments arguments, Counts boot, CancellationToken stop)
    {
        var runs = new Stopwatches();
        var connection = await servers.CreateDatabase(stop);
        await using var database = NpgsqlDataSource.Create($"{connection};Max Auto Prepare=20");
        await using (var create = database.CreateCommand(
            "create table hop (run uuid, step int, body text, primary key (run, step))"))
            await create.ExecuteNonQueryAsync(stop);
        var hops = new Share(boot.Hops);
        var commits = new Share(boot.Commits);
        using var host = Build(new Uri(await servers.CreateVhost(stop)), hops.Most, database, runs);
        await host.StartAsync(stop);
        var bus = host.Services.GetRequiredService<IBus>();
        // As exchanges: sending to a queue would declare it again, and not as a quorum queue.
        var first = await bus.GetSendEndpoint(new("exchange:hop-0"));
        var round = await runs.Run(arguments, new(servers, connection), (index, run) =>
            first.Send(new Hop(run, 0, hops.Of(index), commits.Of(index), Body), stop), stop);
        await host.StopAsync(stop);
        return round;
    }

    // As long as a middling message of a boot.
    private static readonly string Body = new('x', 600);

    private static IHost Build(Uri broker, int hops, NpgsqlDataSource database, Stopwatches runs)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingRabbitMq((_, rabbit) =>
            {
                rabbit.Host(broker);
                rabbit.PrefetchCount = Prefetch;
                rabbit.ConcurrentMessageLimit = Concurrency;
                for (var step = 0; step < hops; step++)
                    rabbit.ReceiveEndpoint($"hop-{step}", endpoint =>
                    {
                        endpoint.SetQuorumQueue();
                        endpoint.ConfigureConsumeTopology = false;
                        endpoint.Handler<Hop>(context => Pass(context, database, runs));
                    });
            });
        });
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        return builder.Build();
    }

    private static async Task Pass(ConsumeContext<Hop> context, NpgsqlDataSource database, Stopwatches runs)
    {
        var hop = context.Message;
        if (hop.Step < hop.Commits)
            await Commit(hop, database, context.CancellationToken);
        if (hop.Step + 1 == hop.Hops)
            runs.End(hop.Run);
        else
            await context.Send(new Uri($"exchange:hop-{hop.Step + 1}"), hop with { Step = hop.Step + 1 });
    }

    private static async Task Commit(Hop hop, NpgsqlDataSource database, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var insert = new NpgsqlCommand("insert into hop values ($1, $2, $3)", connection)
        {
            Parameters =
            {
                new() { Value = hop.Run },
                new() { Value = hop.Step },
                new() { Value = hop.Body },
            },
        };
        await insert.ExecuteNonQueryAsync(stop);
    }
}

/// <summary>A message that does nothing but go on.</summary>
/// <param name="Hops">After so many its run has ended.</param>
/// <param name="Commits">In so many of them, from the first on, something is committed.</param>
public sealed record Hop(Guid Run, int Step, int Hops, int Commits, string Body);

/// <summary>So many in the mean: 9.8 is 9 in one of five runs and 10 in the others.</summary>
internal sealed class Share(double mean)
{
    public int Most => (int)Math.Ceiling(mean);

    public int Of(int index) => (int)((index + 1) * mean) - (int)(index * mean);
}
