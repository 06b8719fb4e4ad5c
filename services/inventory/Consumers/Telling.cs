using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;
using Platform.Pci;

namespace Platform.Inventory.Consumers;

/// <summary>The domain's words in those of the contracts.</summary>
internal static class Telling
{
    public static IReadOnlyList<DevicePool> Pools(IEnumerable<Pool> pools) =>
    [
        .. pools.Select(pool => new DevicePool(
            pool.VendorId, pool.ProductId, pool.DeviceType, pool.NumaNode, pool.Tags, pool.Free, pool.Total,
            pool.FreeByPf?.ToDictionary(count => count.Key.ToString(), count => count.Value))),
    ];

    public static PoolsChanged Pools(HostView view) =>
        new(view.HostId, view.Version, view.Online, Pools(view.Pools), Cells(view.Cells ?? []));

    public static IReadOnlyList<Contracts.HostAgent.NumaCell> Cells(IEnumerable<Pci.NumaCell> cells) =>
        [.. cells.Select(cell => new Contracts.HostAgent.NumaCell(cell.Id, cell.Socket))];

    public static ClaimedDevice Claimed(Allocated taken) => new(
        taken.RequestId, taken.Device.Address.ToString(), taken.Device.VendorId, taken.Device.ProductId,
        taken.Device.Type, taken.Device.Parent?.ToString(), taken.Device.VfIndex, taken.Device.NumaNode,
        taken.Device.PfMacAddress, taken.Device.CardSerialNumber, taken.Device.Tags);

    public static IReadOnlyList<string> Addresses(IEnumerable<PciAddress> addresses) =>
        [.. addresses.Select(address => address.ToString())];

    /// <summary>Sends a command to a host's agent. While the agent is away its queue keeps it.</summary>
    public static async Task SendToAgent<T>(
        this ISendEndpointProvider bus, string hostId, T command, CancellationToken stop) where T : class
    {
        var agent = await bus.GetSendEndpoint(HostAgentQueue.Address(hostId));
        await agent.Send(command, stop);
    }

    /// <summary>Has the agent clean what a released claim has left.</summary>
    public static Task SendClean(
        this ISendEndpointProvider bus, string hostId, Guid claimId, long generation,
        IReadOnlyList<PciAddress> addresses, CancellationToken stop) => addresses.Count == 0
            ? Task.CompletedTask
            : bus.SendToAgent(
                hostId, new CleanDevices(hostId, claimId, generation, Addresses(addresses)), stop);

    /// <summary>Has the agent clean all that released claims have left on its host.</summary>
    public static async Task SendCleans(
        this ISendEndpointProvider bus, string hostId, HostInventory host, CancellationToken stop,
        DateTimeOffset? releasedBefore = null)
    {
        foreach (var (claimId, claim) in host.Claims)
            if (claim.ReleasedAt is { } released && !(released > releasedBefore))
                await bus.SendClean(hostId, claimId, claim.Generation, host.BeingCleaned(claimId), stop);
    }
}
