using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.EventStore;
using Platform.Inventory;
using Platform.ServiceDefaults;
using Platform.Support;

namespace Platform.Integration.Tests.Inventory;

/// <summary>The inventory, all it says, and an agent of one host that does what it is told.</summary>
public sealed class InventoryHost : IAsyncDisposable
{
    public const string HostId = "host-1";

    /// <summary>What the agent says of the host's NUMA.</summary>
    public static readonly IReadOnlyList<NumaCell> Cells = [new(0, 0), new(1, 1)];

    private readonly WebApplication app;
    private readonly ConcurrentQueue<object> said = [];
    private long sequence;
    private long epoch;

    private InventoryHost(WebApplication app, IReadOnlyList<Device> devices) =>
        (this.app, Devices, Http) = (app, devices, new() { BaseAddress = new(app.Urls.First()) });

    /// <summary>What the agent has; tests may change it and report again.</summary>
    public IReadOnlyList<Device> Devices { get; set; }

    /// <summary>False: the agent hears what it is told to clean and does nothing.</summary>
    public bool Cleans { get; set; } = true;

    public HttpClient Http { get; }

    public IServiceProvider Services => app.Services;

    public IEventStore Store => app.Services.GetRequiredKeyedService<IEventStore>(InventoryService.Name);

    public IBus Bus => app.Services.GetRequiredService<IBus>();

    /// <summary>Without connection strings embedded, with them on their servers.</summary>
    public static async Task<InventoryHost> Start(CancellationToken stop, params string[] settings)
    {
        var app = PlatformHost.Build(
            ["--Urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", .. settings],
            [InventoryService.Module]);
        await app.StartAsync(stop);
        var host = new InventoryHost(app, Vfs(4));
        await host.Listen(stop);
        return host;
    }

    /// <summary>The agent starts, and is admitted and heard.</summary>
    public async Task StartAgent(Guid instanceId, CancellationToken stop)
    {
        var bus = Services.GetRequiredService<IReceiveEndpointConnector>();
        var agent = bus.ConnectReceiveEndpoint(HostAgentQueue.Name(HostId), (_, endpoint) =>
        {
            endpoint.Handler<AdmitAgent>(context => Admitted(context, context.Message.Epoch));
            endpoint.Handler<ReportHost>(Report);
            endpoint.Handler<CleanDevices>(Clean);
        });
        await agent.Ready;
        await Bus.Publish(new AgentStarted(HostId, instanceId), stop);
        await Hear<HostWentOnline>(online => online.HostId == HostId, stop);
    }

    public Task Heartbeat(CancellationToken stop) => Bus.Publish(
        new AgentHeartbeat(HostId, Interlocked.Read(ref epoch), Interlocked.Read(ref sequence)), stop);

    public async Task Send<T>(Uri queue, T command, CancellationToken stop) where T : class =>
        await (await Bus.GetSendEndpoint(queue)).Send(command, stop);

    public IEnumerable<T> Said<T>() => said.OfType<T>();

    /// <summary>Waits until the inventory has said something.</summary>
    public async Task<T> Hear<T>(Func<T, bool> which, CancellationToken stop) where T : class
    {
        await Eventually.True($"{typeof(T).Name} was said", () => Said<T>().Any(which), stop);
        return Said<T>().First(which);
    }

    public static IReadOnlyList<Device> Vfs(int count) =>
    [
        .. Enumerable.Range(0, count).Select(index => new Device(
            $"0000:3b:{2 + index / 8:x2}.{index % 8}", "15b3", "1018", "type-VF", "0000:3b:00.0", index, 0,
            null, null, "00:00:00:00:00:01", null,
            new Dictionary<string, string?> { ["physical_network"] = "physnet1" })),
    ];

    public static ClaimDevices Claim(Guid claimId, int count, int leaseSeconds = 60) => new(
        claimId, "vm", claimId, HostId,
        [new(claimId, count, [new Dictionary<string, string?> { ["physical_network"] = "physnet1" }])],
        leaseSeconds, DateTimeOffset.UtcNow.AddMinutes(1));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task Listen(CancellationToken stop)
    {
        var bus = Services.GetRequiredService<IReceiveEndpointConnector>();
        var ear = bus.ConnectReceiveEndpoint(new TemporaryEndpointDefinition("ear"), null, (_, endpoint) =>
        {
            Hear<DevicesClaimed>(endpoint);
            Hear<ClaimRejected>(endpoint);
            Hear<ClaimConfirmed>(endpoint);
            Hear<ClaimLost>(endpoint);
            Hear<DevicesReleasing>(endpoint);
            Hear<DevicesReleased>(endpoint);
            Hear<PoolsChanged>(endpoint);
            Hear<HostWentOnline>(endpoint);
            Hear<HostWentOffline>(endpoint);
        });
        await ear.Ready.WaitAsync(stop);
    }

    private void Hear<T>(IReceiveEndpointConfigurator endpoint) where T : class =>
        endpoint.Handler<T>(context =>
    {
        said.Enqueue(context.Message);
        return Task.CompletedTask;
    });

    private async Task Admitted(ConsumeContext context, long admitted)
    {
        Interlocked.Exchange(ref epoch, admitted);
        Interlocked.Exchange(ref sequence, 0);
        await Report(context);
    }

    private Task Report(ConsumeContext context) => context.Publish(new HostReported(
        HostId, Interlocked.Read(ref epoch), Interlocked.Increment(ref sequence), Devices, Cells));

    private Task Clean(ConsumeContext<CleanDevices> context) => Cleans
        ? context.Publish(new DevicesCleaned(
            HostId, context.Message.ClaimId, context.Message.Generation, context.Message.Addresses))
        : Task.CompletedTask;
}
