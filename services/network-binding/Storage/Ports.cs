using System.Security.Cryptography;
using Platform.EventStore;
using Platform.NetworkBinding.Domain;

namespace Platform.NetworkBinding.Storage;

/// <summary>The ports as users make, change and remove them.</summary>
public sealed class Ports(Decisions decisions)
{
    // With 16 million addresses a network is full long after this many draws were all taken.
    private const int MacDrawsMax = 16;

    public Task<PortView?> Find(string id, CancellationToken stop) => Streams.IsId(id)
        ? decisions.Store.LoadView<PortView>(Streams.Port(id), stop)
        : Task.FromResult<PortView?>(null);

    public Task<IReadOnlyList<PortView>> All(CancellationToken stop) =>
        decisions.Store.LoadViews<PortView>(stop);

    /// <summary>Makes a port. Without a MAC address it is given one that is free on its network.</summary>
    public Task<(Refusal? Refused, PortView? Port)> Create(
        string networkId,
        string projectId,
        PortAttributes wanted,
        ManualBinding binding,
        CancellationToken stop)
    {
        var id = Guid.NewGuid().ToString();
        return decisions.Decide<(Refusal?, PortView?)>(async session =>
        {
            if (!Streams.IsId(networkId))
                return (Refusal.NetworkNotFound(networkId), null);
            var network = await session.FetchForWriting<Network>(Streams.Network(networkId), stop);
            if (!network.State.Exists)
                return (Refusal.NetworkNotFound(networkId), null);
            var (refused, mac) = await TakeMac(session, networkId, id, wanted.MacAddress, stop);
            if (refused != null)
                return (refused, null);

            var stream = await session.FetchForWriting<Port>(Streams.Port(id), stop);
            var created = new PortCreated(
                networkId,
                network.State.Segment,
                projectId,
                wanted with { MacAddress = mac },
                binding,
                stream.Now);
            network.Append([new PortAttached(id)]);
            stream.Append([created]);
            return (null, new PortView(id, stream.State.Evolve(created)));
        }, stop);
    }

    /// <summary>
    /// Changes a port. <paramref name="change"/> says what it shall become, given what it is.
    /// </summary>
    public Task<(Refusal? Refused, PortView? Port)> Update(
        string id,
        int? revision,
        Func<Port, (PortAttributes Attributes, ManualBinding Binding)> change,
        CancellationToken stop) => decisions.Decide<(Refusal?, PortView?)>(async session =>
    {
        var stream = await Existing(session, id, stop);
        if (stream == null)
            return (Refusal.PortNotFound(id), null);
        var port = stream.State;
        var (attributes, binding) = change(port);
        var (refused, events) = PortChange.Guard(port, revision) is { } stale
            ? (stale, [])
            : PortChange.Update(id, port, attributes, binding, stream.Now);
        if (refused == null && attributes.MacAddress != port.Attributes.MacAddress)
        {
            (refused, _) = await TakeMac(session, port.NetworkId, id, attributes.MacAddress, stop);
            if (refused == null)
                await FreeMac(session, port, stop);
        }
        if (refused != null)
            return (refused, null);
        if (events.Count > 0)
            stream.Append(events);
        return (null, new PortView(id, events.Aggregate(port, (p, e) => p.Evolve(e))));
    }, stop);

    /// <summary>Removes a port that no boot has. Null when done.</summary>
    public Task<Refusal?> Delete(string id, int? revision, CancellationToken stop) =>
        decisions.Decide<Refusal?>(async session =>
        {
            var stream = await Existing(session, id, stop);
            if (stream == null)
                return Refusal.PortNotFound(id);
            var (refused, events) = PortChange.Guard(stream.State, revision) is { } stale
                ? (stale, [])
                : PortChange.Delete(id, stream.State, stream.Now);
            if (refused != null)
                return refused;
            stream.Append(events);
            await FreeMac(session, stream.State, stop);
            (await session.FetchForWriting<Network>(Streams.Network(stream.State.NetworkId), stop))
                .Append([new PortDetached(id)]);
            return null;
        }, stop);

    private static async Task<IEventStream<Port>?> Existing(
        IEventSession session, string id, CancellationToken stop)
    {
        var stream = Streams.IsId(id) ? await session.FetchForWriting<Port>(Streams.Port(id), stop) : null;
        return stream is { State.Exists: true } ? stream : null;
    }

    private static async Task<(Refusal? Refused, string Mac)> TakeMac(
        IEventSession session, string networkId, string portId, string wanted, CancellationToken stop)
    {
        for (var draw = 0; draw < (wanted.Length > 0 ? 1 : MacDrawsMax); draw++)
        {
            var mac = wanted.Length > 0 ? wanted : DrawMac();
            var address = await session.FetchForWriting<Reservation>(Streams.Mac(networkId, mac), stop);
            if (address.State.Owner != null)
                continue;
            address.Append([new NameTaken(portId)]);
            return (null, mac);
        }
        return wanted.Length > 0
            ? (new("MacAddressInUse", $"Unable to complete operation for network {networkId}. "
                + $"The mac address {wanted} is in use."), wanted)
            : (new("MacAddressGenerationFailure", "Unable to generate unique mac on network "
                + $"{networkId}."), wanted);
    }

    private static async Task FreeMac(IEventSession session, Port port, CancellationToken stop)
    {
        var key = Streams.Mac(port.NetworkId, port.Attributes.MacAddress);
        (await session.FetchForWriting<Reservation>(key, stop)).Append([new NameFreed()]);
    }

    // Neutron's own prefix; the rest at random, as it does.
    private static string DrawMac()
    {
        byte[] mac = [0xfa, 0x16, 0x3e, .. RandomNumberGenerator.GetBytes(3)];
        return string.Join(':', mac.Select(octet => $"{octet:x2}"));
    }
}
