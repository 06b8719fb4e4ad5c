using Platform.EventStore;
using Platform.Inventory.Domain;
using Platform.Pci;

namespace Platform.Inventory.Storage;

/// <summary>
/// What is asked of all hosts at once, written with each append, so that nobody loads whole hosts for it.
/// </summary>
/// <param name="Version">Of the host's stream that this is true at.</param>
/// <param name="Sequence">Of the last of the agent's events that was taken.</param>
/// <param name="FirstLeaseEnd">When the first unconfirmed claim's lease ends.</param>
/// <param name="Cleaning">Functions of released claims wait to be cleaned.</param>
/// <param name="Cells">The host's NUMA cells; null in a view written before they were kept.</param>
public sealed record HostView(
    string HostId,
    long Version,
    long Epoch,
    long Sequence,
    bool Online,
    IReadOnlyList<Pool> Pools,
    DateTimeOffset? FirstLeaseEnd,
    bool Cleaning,
    IReadOnlyList<NumaCell>? Cells = null)
{
    /// <summary>How the inventory stores hosts.</summary>
    public static EventStoreOptions Store() => new EventStoreOptions("inventory")
        .AddStream<HostInventory>(
            "host", HostInventory.Empty, (host, happened) => host.Evolve((HostEvent)happened), revision: 3)
        .AddEvents<HostEvent>()
        .AddInlineView<HostInventory, HostView>("host_view", Of);

    /// <summary>
    /// Null before the first agent of the host was admitted: there may be releases of claims already.
    /// </summary>
    public static HostView? Of(string hostId, HostInventory host, long version)
    {
        if (host.Agent.Epoch == 0)
            return null;
        var leases = host.Claims.Values.Where(claim => claim is { Confirmed: false, ReleasedAt: null });
        return new(
            hostId, version, host.Agent.Epoch, host.Agent.Sequence, host.Online, new Offer(host).Pools(),
            leases.Min(claim => (DateTimeOffset?)claim.LeaseUntil),
            host.Claims.Values.Any(claim => claim.ReleasedAt is not null),
            host.Cells);
    }
}
