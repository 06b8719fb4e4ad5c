using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.AllInOne;
using Platform.AllInOne.Demonstration;
using Platform.Inventory;
using Platform.Scheduler;
using Platform.ServiceDefaults;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>The whole platform with simulated hosts, in this process, embedded or on real servers.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly WebApplication? replica;

    private World(WebApplication app, WebApplication? replica, string? database)
    {
        this.app = app;
        this.replica = replica;
        Database = database;
        Api = new(new(app.Urls.First()));
    }

    /// <summary>Of the distributed world: its connection string.</summary>
    public string? Database { get; }

    public ApiClient Api { get; }

    public Interference Interference => app.Services.GetRequiredService<Interference>();

    public IBus Bus => app.Services.GetRequiredService<IBus>();

    public IServiceProvider Services => app.Services;

    /// <summary>
    /// Steps that are asked for twice and give up within a second, so that silence can be tested.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string?> Impatient = new Dictionary<string, string?>
    {
        ["Scheduler:AttemptsMax"] = "2",
        ["Scheduler:AsksMax"] = "2",
        ["Scheduler:ResolveTimeout"] = "00:00:00.5",
        ["Scheduler:ClaimTimeout"] = "00:00:01",
        ["Scheduler:BindTimeout"] = "00:00:00.5",
        ["Scheduler:PlugTimeout"] = "00:00:01",
        ["Scheduler:ConfirmTimeout"] = "00:00:00.5",
        ["Scheduler:UndoTimeout"] = "00:00:01",
        ["Scheduler:StuckInterval"] = "00:00:01",
    };

    public static async Task<World> Start(
        TestServers? servers,
        IReadOnlyDictionary<string, string?> settings,
        CancellationToken stop,
        bool withReplicas = false)
    {
        Dictionary<string, string?> all = new(settings) { ["Urls"] = "http://127.0.0.1:0" };
        all["Logging:LogLevel:Default"] = "Warning";
        all["HostAgent:AdmissionInterval"] = "00:00:00.5";
        if (servers is not null)
        {
            await servers.StartBoth();
            all["ConnectionStrings:Postgres"] = await servers.CreateDatabase(stop);
            all["ConnectionStrings:RabbitMq"] = await servers.CreateVhost(stop);
        }

        var app = await Start(Modules.All, all, stop);
        var replica = withReplicas
            ? await Start([InventoryService.Module, SchedulerService.Module], WithoutHosts(all), stop)
            : null;
        return new(app, replica, all.GetValueOrDefault("ConnectionStrings:Postgres"));
    }

    private static async Task<WebApplication> Start(
        IReadOnlyList<ServiceModule> modules, Dictionary<string, string?> settings, CancellationToken stop)
    {
        var app = PlatformHost.Build([], modules, builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddSingleton<Interference>();
            builder.Services.AddSingleton<IConfigureReceiveEndpoint>(
                services => services.GetRequiredService<Interference>());
        });
        await app.StartAsync(stop);
        return app;
    }

    // Only the process that is a host's agent takes settings of hosts.
    private static Dictionary<string, string?> WithoutHosts(Dictionary<string, string?> settings) => new(
        settings.Where(setting => !setting.Key.StartsWith("HostAgent:", StringComparison.Ordinal)));

    /// <summary>Hosts named host-0, host-1, ..., each with one PF of so many VFs on physnet1.</summary>
    public static Dictionary<string, string?> Hosts(int count, int vfs) => new(
        from host in Enumerable.Range(0, count)
        from setting in new (string Key, string? Value)[]
        {
            ("HostId", $"host-{host}"),
            ("Pfs:0:Address", "0000:3b:00.0"),
            ("Pfs:0:PhysicalNetwork", "physnet1"),
            ("Pfs:0:NumVfs", $"{vfs}"),
            ("Pfs:0:TotalVfs", $"{Math.Max(vfs, 64)}"),
        }
        select KeyValuePair.Create($"HostAgent:Hosts:{host}:{setting.Key}", setting.Value));

    /// <summary>
    /// What this boot still has: functions, ports, or plugs. Empty when everything was taken back.
    /// </summary>
    public async Task<IReadOnlyList<string>> LeftOf(
        Guid bootId, IEnumerable<string> portIds, CancellationToken stop)
    {
        var left = new List<string>();
        foreach (var device in await Api.Get<List<JsonElement>>("api/devices", stop))
            if (device.GetProperty("bootId").ValueKind == JsonValueKind.String
                && device.GetProperty("bootId").GetGuid() == bootId)
                left.Add($"function {device}");
        foreach (var portId in portIds)
        {
            var port = (await Api.Get<JsonElement>($"v2.0/ports/{portId}", stop)).GetProperty("port");
            if (port.GetProperty("binding:host_id").GetString() != "")
                left.Add($"port {port}");
        }

        var hosts = await Api.Get<JsonElement>("host-agent/hosts", stop);
        if (hosts.ToString().Contains(bootId.ToString(), StringComparison.OrdinalIgnoreCase))
            left.Add($"plugs {hosts}");
        return left;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        foreach (var host in new[] { replica, app }.OfType<WebApplication>())
        {
            await host.StopAsync(CancellationToken.None);
            await host.DisposeAsync();
        }
    }
}
