using System.Globalization;
using Npgsql;
using Platform.AllInOne.Demonstration;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>Who is killed. Of replicas it is the first, whom the others ask.</summary>
public enum Victim { Inventory, Scheduler, NetworkBinding, HostAgent, RabbitMq, Postgres, Everything }

/// <summary>
/// The platform as it is deployed, every service in a process of its own and two of those that decide, on
/// servers of its own. Anything of it may be killed.
/// </summary>
internal sealed class CrashWorld : IAsyncDisposable
{
    private const int HostCount = 4;
    private const int VfsPerHost = 10;

    private static readonly (string Service, string Name)[] Replicas =
    [
        ("inventory", "inventory-1"), ("inventory", "inventory-2"),
        ("scheduler", "scheduler-1"), ("scheduler", "scheduler-2"),
        ("network-binding", "network-binding"), ("host-agent", "host-agent"), ("gateway", "gateway"),
    ];

    /// <summary>Waits that end within seconds, so that what a crash swallowed is missed soon.</summary>
    private static readonly Dictionary<string, string?> Impatient = new()
    {
        ["Scheduler:ResolveTimeout"] = "00:00:03",
        ["Scheduler:ClaimTimeout"] = "00:00:05",
        ["Scheduler:BindTimeout"] = "00:00:03",
        ["Scheduler:PlugTimeout"] = "00:00:05",
        ["Scheduler:ConfirmTimeout"] = "00:00:03",
        ["Scheduler:UndoTimeout"] = "00:00:03",
        ["Scheduler:StuckInterval"] = "00:00:03",
        ["Sagas:DeadlineRepeat"] = "00:00:05",
        ["Sagas:DeliveryTimeout"] = "00:00:05",
        ["Sagas:OwedAfter"] = "00:00:08",
        ["Sagas:UpkeepPeriod"] = "00:00:02",
        ["Inventory:HostTimeout"] = "00:00:08",
        ["Inventory:CleanAgainInterval"] = "00:00:03",
        ["HostAgent:HeartbeatInterval"] = "00:00:01",
        ["HostAgent:AdmissionInterval"] = "00:00:01",
    };

    private readonly string folder = TestFolder.Create("crash");
    private readonly PrivatePostgres postgres;
    private readonly PrivateRabbitMq rabbitMq;
    private readonly Dictionary<string, ServiceProcess> services;

    private CrashWorld(PrivatePostgres postgres, PrivateRabbitMq rabbitMq)
    {
        (this.postgres, this.rabbitMq) = (postgres, rabbitMq);
        var addresses = Replicas.ToDictionary(replica => replica.Name, _ => FreeAddress());
        Dictionary<string, string?> settings = new([.. Impatient, .. World.Hosts(HostCount, VfsPerHost)])
        {
            ["ConnectionStrings:Postgres"] = postgres.ConnectionString,
            ["ConnectionStrings:RabbitMq"] = rabbitMq.Url,
            ["Logging:LogLevel:Default"] = "Warning",
            ["HostAgent:StateFolder"] = Path.Combine(folder, "hosts"),
            ["Services:inventory"] = $"{addresses["inventory-1"]}",
            ["Services:scheduler"] = $"{addresses["scheduler-1"]}",
        };
        services = Replicas.ToDictionary(
            replica => replica.Name,
            replica => new ServiceProcess(
                replica.Service, replica.Name, folder, addresses[replica.Name], settings));
        (Api, Ports, Agents) = (Client("gateway"), Client("network-binding"), Client("host-agent"));
        // A connection that was open at a kill would fail whoever has it next.
        Database = NpgsqlDataSource.Create($"{postgres.ConnectionString};Pooling=false");
    }

    public ApiClient Api { get; }

    /// <summary>Neutron's API.</summary>
    public ApiClient Ports { get; }

    /// <summary>The simulated hardware.</summary>
    public ApiClient Agents { get; }

    public NpgsqlDataSource Database { get; }

    public IReadOnlyList<string> PortIds { get; private set; } = [];

    /// <summary>The end of every process's log.</summary>
    public string Logs => string.Join('\n', services.Values.Select(service => service.LogTail));

    public static async Task<CrashWorld> Start(int portCount, CancellationToken stop)
    {
        var (startingPostgres, startingRabbitMq) =
            (PrivatePostgres.StartAsync(stop), PrivateRabbitMq.StartAsync(stop));
        var world = new CrashWorld(await startingPostgres, await startingRabbitMq);
        try
        {
            await Task.WhenAll(world.services.Values.Select(service => service.Start(stop)));
            await world.Api.HostsOnline(HostCount, stop);
            var network = await world.Ports.CreateNetwork("blue", "physnet1", 101, stop);
            world.PortIds = await Task.WhenAll(
                Enumerable.Range(0, portCount).Select(_ => world.Ports.CreatePort(network, stop)));
            await world.rabbitMq.FlushDefinitions(stop);
            return world;
        }
        catch
        {
            TestContext.Current.TestOutputHelper?.WriteLine(world.Logs);
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public void Kill(Victim victim)
    {
        foreach (var service in ServicesOf(victim))
            service.Kill();
        if (victim is Victim.RabbitMq or Victim.Everything)
            rabbitMq.Kill();
        if (victim is Victim.Postgres or Victim.Everything)
            postgres.Kill();
    }

    /// <summary>Starts it again, of everything all at once, and returns when all are healthy.</summary>
    public async Task Restart(Victim victim, CancellationToken stop)
    {
        List<Task> starting = [.. ServicesOf(victim).Select(service => service.Start(stop))];
        if (victim is Victim.RabbitMq or Victim.Everything)
            starting.Add(rabbitMq.RestartAsync(stop));
        if (victim is Victim.Postgres or Victim.Everything)
            starting.Add(postgres.RestartAsync(stop));
        await Task.WhenAll(starting);
        await Task.WhenAll(services.Values.Select(service => service.WaitUntilHealthy(stop)));
    }

    /// <summary>Messages that nobody could handle, by the queues that they lie in.</summary>
    public async Task<IReadOnlyList<string>> DeadLetters(CancellationToken stop) =>
    [
        .. (await rabbitMq.Control(["list_queues", "name", "messages"], stop))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .Where(queue => queue[0].EndsWith("_error", StringComparison.Ordinal)
                || queue[0].EndsWith("_skipped", StringComparison.Ordinal))
            .Where(queue => queue[^1] != "0").Select(queue => string.Join(": ", queue)),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services.Values)
            service.Dispose();
        Api.Dispose();
        Ports.Dispose();
        Agents.Dispose();
        await Database.DisposeAsync();
        await rabbitMq.DisposeAsync();
        await postgres.DisposeAsync();
        TestFolder.Remove(folder);
    }

    private IEnumerable<ServiceProcess> ServicesOf(Victim victim) => victim switch
    {
        Victim.Inventory => [services["inventory-1"]],
        Victim.Scheduler => [services["scheduler-1"]],
        Victim.NetworkBinding => [services["network-binding"]],
        Victim.HostAgent => [services["host-agent"]],
        Victim.Everything => services.Values,
        _ => [],
    };

    private static Uri FreeAddress() =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));

    private ApiClient Client(string name) => new(services[name].Address);
}
