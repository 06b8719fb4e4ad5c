using Platform.EventStore;
using Platform.NetworkBinding.Domain;

namespace Platform.NetworkBinding.Storage;

/// <summary>A port as lists and readers get it.</summary>
public sealed record PortView(string Id, Port Port);

/// <summary>A network as lists and readers get it.</summary>
public sealed record NetworkView(string Id, Network Network);

/// <summary>The service's streams, how they are named, and the views kept of them.</summary>
public static class Streams
{
    public const string Service = "network-binding";
    private const string PortPrefix = "port-";
    private const string NetworkPrefix = "network-";

    public static string Port(string id) => PortPrefix + id;

    public static string Network(string id) => NetworkPrefix + id;

    public static string Segment(Segment segment) => $"segment-{segment.Exclusive}";

    public static string Mac(string networkId, string mac) => $"mac-{networkId}-{mac}";

    /// <summary>Ids are UUIDs in lower case; any other text names nothing.</summary>
    public static bool IsId(string text) =>
        Guid.TryParseExact(text, "D", out var id) && id.ToString() == text;

    public static EventStoreOptions Options => new EventStoreOptions("network_binding")
        .AddStream("port", Domain.Port.None, (port, e) => port.Evolve((PortEvent)e))
        .AddStream("network", Domain.Network.None, (network, e) => network.Evolve((NetworkEvent)e))
        .AddStream("reservation", Reservation.Free, (name, e) => name.Evolve((ReservationEvent)e))
        .AddEvents<PortEvent>()
        .AddEvents<NetworkEvent>()
        .AddEvents<ReservationEvent>()
        .AddInlineView<Port, PortView>("port", (key, port, _) =>
            port.Exists ? new(key[PortPrefix.Length..], port) : null)
        .AddInlineView<Network, NetworkView>("network", (key, network, _) =>
            network.Exists ? new(key[NetworkPrefix.Length..], network) : null);
}
