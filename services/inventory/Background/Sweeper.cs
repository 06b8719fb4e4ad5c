using MassTransit;
using Platform.EventStore;
using Platform.Inventory.Consumers;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;

namespace Platform.Inventory.Background;

/// <summary>
/// Looks for what no message will ever say: leases that ended, hosts that fell silent, cleanings that were
/// not answered. One replica at a time.
/// </summary>
public sealed partial class Sweeper(
    [FromKeyedServices(InventoryService.Name)] IEventStore store,
    HostStreams hosts,
    ILastHeard lastHeard,
    IBusControl bus,
    InventoryOptions options,
    TimeProvider time,
    ILogger<Sweeper> log) : BackgroundService
{
    public const string Name = "inventory-sweeper";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        store.RunExclusively(Name, Sweep, stoppingToken);

    private async Task Sweep(CancellationToken stop)
    {
        // Both begin with the sweeper: silence and cleanings before its time are not held against an agent.
        var silence = new Silence(options.HostTimeout, options.SweepInterval);
        var askedAt = new Dictionary<string, DateTimeOffset>();
        using var timer = new PeriodicTimer(options.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            var now = await store.Now(stop);
            var views = await store.LoadViews<HostView>(stop);
            var silent = silence.Of(views, await lastHeard.All(stop), CanHear(), now);

            foreach (var view in views.Where(view => view.FirstLeaseEnd <= now))
                await EndLeases(view.HostId, stop);
            foreach (var view in silent)
                await TakeOffline(view, stop);
            foreach (var view in views.Where(view => view is { Cleaning: true, Online: true }))
                await AskToCleanAgain(view.HostId, askedAt, now, stop);
        }
    }

    private bool CanHear() => bus.CheckHealth().Endpoints.Values.Any(endpoint =>
        endpoint.Status == BusHealthStatus.Healthy
        && endpoint.InputAddress?.AbsolutePath.EndsWith(
            AgentEventsConsumer.Queue, StringComparison.Ordinal) == true);

    private async Task EndLeases(string hostId, CancellationToken stop)
    {
        var count = await hosts.Decide(hostId, Releasing.Expire, stop);
        LeasesEnded(count, hostId);
    }

    private async Task TakeOffline(HostView view, CancellationToken stop)
    {
        var reason = $"Its agent was silent for more than {options.HostTimeout.TotalSeconds:0.#} s.";
        if (await hosts.Decide(view.HostId, (host, _) => Liveness.FallSilent(host, view.Epoch, reason), stop))
            WentOffline(view.HostId, reason);
    }

    private async Task AskToCleanAgain(
        string hostId, Dictionary<string, DateTimeOffset> askedAt, DateTimeOffset now, CancellationToken stop)
    {
        if (askedAt.TryGetValue(hostId, out var asked) && now - asked < options.CleanAgainInterval)
            return;
        askedAt[hostId] = now;
        var host = await hosts.Load(hostId, stop);
        await bus.SendCleans(hostId, host, stop, releasedBefore: now - options.CleanAgainInterval);
    }

    [LoggerMessage(
        5, LogLevel.Warning, "{Count} claims on host {HostId} were released: their leases ended unconfirmed")]
    private partial void LeasesEnded(int count, string hostId);

    [LoggerMessage(6, LogLevel.Warning, "Host {HostId} is offered no more: {Reason}")]
    private partial void WentOffline(string hostId, string reason);
}
