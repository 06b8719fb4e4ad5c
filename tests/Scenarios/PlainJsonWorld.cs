using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.AllInOne.Demonstration;
using Platform.Support;
using RabbitMQ.Client;

namespace Platform.Scenarios.Tests;

/// <summary>The platform on real servers with simulated hosts, and a stranger's client beside it.</summary>
public sealed class PlainJsonWorld(TestServers servers) : IAsyncLifetime
{
    public const string BootRequested = "Platform.Contracts.Scheduler:BootRequested";
    public const string BootRequestRejected = "Platform.Contracts.Scheduler:BootRequestRejected";
    public const string StopRequested = "Platform.Contracts.Scheduler:StopRequested";
    public const string VfReserved = "Platform.Contracts.Scheduler:VfReserved";
    public const string BootSucceeded = "Platform.Contracts.Scheduler:BootSucceeded";
    public const string BootFailed = "Platform.Contracts.Scheduler:BootFailed";
    public const string BootStopped = "Platform.Contracts.Scheduler:BootStopped";

    private World world = null!;
    private string network = "";

    internal PlainClient Client { get; private set; } = null!;

    internal ApiClient Api => world.Api;

    public async ValueTask InitializeAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        world = await World.Start(servers, new Dictionary<string, string?>(World.Hosts(count: 1, vfs: 64))
        {
            ["Bus:RetryDelay"] = "00:00:00.010",
            ["Logging:LogLevel:MassTransit.ReceiveTransport"] = "None",
        }, stop);
        var broker = world.Services.GetRequiredService<IConfiguration>().GetConnectionString("RabbitMq")!;
        Client = await PlainClient.Connect(broker, stop);
        await Api.HostsOnline(1, stop);
        network = await Api.CreateNetwork("blue", "physnet1", 101, stop);
    }

    /// <summary>As the README shows it.</summary>
    public static string BootBody(Guid bootId, string portId) =>
        $$"""
        {"bootId": "{{bootId}}", "vmId": "vm-1", "projectId": "demo", "nics": [{"portId": "{{portId}}"}]}
        """;

    public Task<string> CreatePort(CancellationToken stop) => Api.CreatePort(network, stop);

    public Task Request(string body, BasicProperties properties, CancellationToken stop) =>
        Client.Publish(BootRequested, "", Encoding.UTF8.GetBytes(body), properties, stop);

    /// <summary>The functions that a boot has, of whatever state.</summary>
    public async Task<IReadOnlyList<JsonElement>> Held(Guid bootId, CancellationToken stop) =>
    [
        .. (await Api.Get<List<JsonElement>>("api/devices", stop))
            .Where(device => device.ToString().Contains(bootId.ToString(), StringComparison.Ordinal)),
    ];

    public async Task TheNextBootGoesThrough(CancellationToken stop)
    {
        var bootId = Guid.NewGuid();
        await Request(BootBody(bootId, await CreatePort(stop)), new(), stop);
        var boot = await Ended(bootId, stop);
        Assert.Equal("Running", boot.State);
        await StopBoot(bootId, stop);
    }

    /// <summary>Whether the scheduler has ever heard of it.</summary>
    public async Task<bool> IsKnown(Guid bootId, CancellationToken stop)
    {
        try
        {
            await Api.Get<JsonElement>($"api/boots/{bootId}", stop);
            return true;
        }
        catch (HttpRequestException refusal) when (refusal.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Waits until a boot that was requested by message is known, and then until it ended.</summary>
    internal async Task<BootShown> Ended(Guid bootId, CancellationToken stop)
    {
        await Eventually.True($"boot {bootId} is known", () => IsKnown(bootId, stop), stop);
        return await Api.Ended(bootId, stop);
    }

    public async Task StopBoot(Guid bootId, CancellationToken stop)
    {
        await Api.Stop(bootId, stop);
        await Api.Shown(bootId, boot => boot.State == "Stopped", stop);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await world.DisposeAsync();
    }
}
