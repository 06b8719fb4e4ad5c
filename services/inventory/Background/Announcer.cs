using MassTransit;
using Platform.Contracts.Inventory;
using Platform.EventStore;
using Platform.Inventory.Consumers;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;

namespace Platform.Inventory.Background;

/// <summary>
/// Tells what nobody asked for: pools, hosts coming and going, leases that ended. It follows the log, one
/// replica at a time, and its position moves when the broker has confirmed: nothing is left untold, and some
/// is told twice.
/// </summary>
public sealed class Announcer(
    [FromKeyedServices(InventoryService.Name)] IEventStore store, HostStreams hosts, IBus bus)
    : BackgroundService
{
    public const string Name = "inventory-announcer";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        store.Follow(Name, Announce, stoppingToken);

    private async Task Announce(IReadOnlyList<StoredEvent> batch, CancellationToken stop)
    {
        // A host's pools are told once a batch and as they are now: whoever hears them keeps the newest only.
        var changed = batch
            .Where(happened => ChangesPools(happened.Data))
            .Select(happened => happened.StreamKey);
        await Task.WhenAll(changed.Distinct().Select(hostId => AnnouncePools(hostId, stop)));

        foreach (var happened in batch)
            await Announce(happened.StreamKey, happened.Data, stop);
    }

    private static bool ChangesPools(object happened) =>
        happened is not (LeaseLifted or DevicesObserved { Seen.Count: 0, Lost.Count: 0 });

    private async Task AnnouncePools(string hostId, CancellationToken stop)
    {
        if (await store.LoadView<HostView>(hostId, stop) is { } view)
            await bus.Publish(Telling.Pools(view), stop);
    }

    private Task Announce(string hostId, object happened, CancellationToken stop) => happened switch
    {
        HostAppeared e => AnnounceOnline(hostId, e.Epoch, stop),
        HostFellSilent e => bus.Publish(new HostWentOffline(hostId, e.Epoch, e.Reason), stop),
        ClaimReleased { Cause: ReleaseCause.LeaseEnded } e => AnnounceExpiry(hostId, e, stop),
        _ => Task.CompletedTask,
    };

    private async Task AnnounceOnline(string hostId, long epoch, CancellationToken stop)
    {
        await bus.Publish(new HostWentOnline(hostId, epoch), stop);
        await bus.SendCleans(hostId, await hosts.Load(hostId, stop), stop);
    }

    private async Task AnnounceExpiry(string hostId, ClaimReleased ended, CancellationToken stop)
    {
        var host = await hosts.Load(hostId, stop);
        var left = host.BeingCleaned(ended.ClaimId);
        if (left.Count == 0)
            return;
        await bus.SendClean(hostId, ended.ClaimId, host.Claims[ended.ClaimId].Generation, left, stop);
        await bus.Publish(new DevicesReleasing(
            ended.BootId, ended.ClaimId, hostId, host.Online, Telling.Addresses(left)), stop);
    }
}
