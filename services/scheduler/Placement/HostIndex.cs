using System.Collections.Concurrent;
using Platform.Contracts.Inventory;
using Platform.Pci;
using Platform.Scheduler.Domain;

namespace Platform.Scheduler.Placement;

/// <summary>
/// Every host's pools as this replica knows them, fed by PoolsChanged, by the snapshot at start, and by
/// refused claims. A higher version replaces, a lower one is ignored, so the order of arrival does not
/// matter.
/// </summary>
public sealed class HostIndex
{
    private readonly ConcurrentDictionary<string, KnownHost> hosts = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a snapshot has been merged: before that nobody may be refused.</summary>
    public Task Loaded => loaded.Task;

    public void MarkLoaded() => loaded.TrySetResult();

    public void Apply(PoolsChanged change)
    {
        var pools = change.Pools.Select(ToPool).ToList();
        hosts.AddOrUpdate(
            change.HostId,
            _ => new(change.HostId, change.Version, change.Online, pools, Assumed: 0),
            (_, known) => change.Version < known.Version
                ? known
                : new(change.HostId, change.Version, change.Online, pools, Assumed: 0));
    }

    /// <summary>
    /// Chooses a host, and assumes its functions taken until a newer version says what is true.
    /// </summary>
    public Choice Choose(IReadOnlyList<PciRequest> requests, IReadOnlyDictionary<string, Refusal> tried)
    {
        var choice = Choice.Choose(requests, hosts.Values, tried);
        if (choice is Choice.Chosen chosen && hosts.TryGetValue(chosen.HostId, out var host))
        {
            var assumed = host.Assumed + requests.Sum(request => request.Count);
            hosts.TryUpdate(host.HostId, host with { Assumed = assumed }, host);
        }

        return choice;
    }

    private static Pool ToPool(DevicePool pool) => new(
        pool.VendorId, pool.ProductId, pool.DeviceType, pool.NumaNode, new(pool.Tags), pool.Free, pool.Total);
}
