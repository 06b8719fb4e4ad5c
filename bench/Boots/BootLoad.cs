using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.AllInOne;
using Platform.AllInOne.Demonstration;
using Platform.Contracts.Scheduler;
using Platform.ServiceDefaults;
using Platform.Support;

namespace Platform.Bench.Boots;

/// <summary>The whole platform in one process, distributed, under a load of one-NIC boots.</summary>
internal static class BootLoad
{
    private const int VfsPerHost = 64;

    public static async Task<Round> Measure(
        TestServers servers, BenchArguments arguments, CancellationToken stop)
    {
        var database = await servers.CreateDatabase(stop);
        await using var app = await Start(servers, database, arguments, stop);
        using var api = new ApiClient(new(app.Urls.First()));
        await api.HostsOnline(HostsFor(arguments), stop);
        var network = await api.CreateNetwork("bench", "physnet1", 101, stop);
        var ports = new string[arguments.All];
        await Parallel.ForAsync(0, ports.Length, stop, async (index, token) =>
            ports[index] = await api.CreatePort(network, token));

        var bus = app.Services.GetRequiredService<IBus>();
        var boots = new Stopwatches();
        var ends = bus.ConnectReceiveEndpoint(new TemporaryEndpointDefinition(), null, endpoint =>
        {
            endpoint.Handler<BootSucceeded>(context =>
            {
                boots.End(context.Message.BootId);
                return Task.CompletedTask;
            });
            endpoint.Handler<BootFailed>(
                context => throw new InvalidOperationException(context.Message.Reason));
        });
        await ends.Ready;
        var round = await boots.Run(
            arguments,
            new(servers, database),
            (index, bootId) => bus.Publish(
                new BootRequested(bootId, $"vm-{index}", "bench", [new(ports[index])]), stop),
            stop);
        await ends.StopAsync(stop);
        await app.StopAsync(stop);
        return round;
    }

    private static async Task<WebApplication> Start(
        TestServers servers, string database, BenchArguments arguments, CancellationToken stop)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "Warning",
            ["ConnectionStrings:Postgres"] = database,
            ["ConnectionStrings:RabbitMq"] = await servers.CreateVhost(stop),
        };
        for (var host = 0; host < HostsFor(arguments); host++)
        {
            var section = $"HostAgent:Hosts:{host}";
            settings[$"{section}:HostId"] = $"host-{host}";
            settings[$"{section}:Pfs:0:Address"] = "0000:3b:00.0";
            settings[$"{section}:Pfs:0:PhysicalNetwork"] = "physnet1";
            settings[$"{section}:Pfs:0:NumVfs"] = $"{VfsPerHost}";
        }

        var app = PlatformHost.Build(
            [], Modules.All, builder => builder.Configuration.AddInMemoryCollection(settings));
        await app.StartAsync(stop);
        return app;
    }

    private static int HostsFor(BenchArguments arguments) => (arguments.All + VfsPerHost - 1) / VfsPerHost;
}
