using Platform.NetworkBinding.Domain;

namespace Platform.NetworkBinding.Storage;

/// <summary>The networks as users make and remove them.</summary>
public sealed class Networks(Decisions decisions)
{
    public Task<NetworkView?> Find(string id, CancellationToken stop) => Streams.IsId(id)
        ? decisions.Store.LoadView<NetworkView>(Streams.Network(id), stop)
        : Task.FromResult<NetworkView?>(null);

    public Task<IReadOnlyList<NetworkView>> All(CancellationToken stop) =>
        decisions.Store.LoadViews<NetworkView>(stop);

    /// <summary>Makes a network, unless another has its segment.</summary>
    public Task<(Refusal? Refused, NetworkView? Made)> Create(
        Func<DateTimeOffset, NetworkCreated> describe, CancellationToken stop)
    {
        var id = Guid.NewGuid().ToString();
        return decisions.Decide<(Refusal?, NetworkView?)>(async session =>
        {
            var stream = await session.FetchForWriting<Network>(Streams.Network(id), stop);
            var created = describe(stream.Now);
            if (created.Segment.Exclusive != null)
            {
                var key = Streams.Segment(created.Segment);
                var segment = await session.FetchForWriting<Reservation>(key, stop);
                if (segment.State.Owner != null)
                    return (InUse(created.Segment), null);
                segment.Append([new NameTaken(id)]);
            }
            stream.Append([created]);
            return (null, new NetworkView(id, stream.State.Evolve(created)));
        }, stop);
    }

    /// <summary>Removes a network without ports. Null when done.</summary>
    public Task<Refusal?> Delete(string id, CancellationToken stop) => decisions.Decide<Refusal?>(
        async session =>
    {
        if (!Streams.IsId(id))
            return Refusal.NetworkNotFound(id);
        var stream = await session.FetchForWriting<Network>(Streams.Network(id), stop);
        if (stream.State is not { Exists: true } network)
            return Refusal.NetworkNotFound(id);
        if (network.Ports > 0)
            return await InUse(id, stop);
        if (network.Segment.Exclusive != null)
            (await session.FetchForWriting<Reservation>(Streams.Segment(network.Segment), stop))
                .Append([new NameFreed()]);
        stream.Append([new NetworkDeleted(stream.Now)]);
        return null;
    }, stop);

    private static Refusal InUse(Segment segment) => segment.Type == Segment.Vlan
        ? new("VlanIdInUse", $"Unable to create the network. The VLAN {segment.SegmentationId} on physical "
            + $"network {segment.PhysicalNetwork} is in use.")
        : new("FlatNetworkInUse", "Unable to create the flat network. Physical network "
            + $"{segment.PhysicalNetwork} is in use.");

    private async Task<Refusal> InUse(string id, CancellationToken stop)
    {
        var ports = await decisions.Store.LoadViews<PortView>(stop);
        var own = ports.Where(p => p.Port.NetworkId == id).Select(p => p.Id);
        return new("NetworkInUse", $"Unable to complete operation on network {id}. There are one or more "
            + $"ports still in use on the network, id for these ports is: {string.Join(',', own)}.");
    }
}
