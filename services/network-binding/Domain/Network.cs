using System.Text.Json.Serialization;

namespace Platform.NetworkBinding.Domain;

/// <summary>Where a network's frames go.</summary>
/// <param name="Type"><c>vlan</c>, <c>flat</c>, <c>local</c>, or an overlay: <c>vxlan</c>, <c>geneve</c>,
/// <c>gre</c>.</param>
/// <param name="PhysicalNetwork">Null on an overlay.</param>
/// <param name="SegmentationId">The VLAN, or an overlay's id; null on a flat or local network.</param>
public sealed record Segment(string Type, string? PhysicalNetwork, int? SegmentationId)
{
    public const string Vlan = "vlan";
    public const string Flat = "flat";
    public const string Local = "local";

    /// <summary>The VLAN that a port's function is set to; null for none.</summary>
    [JsonIgnore]
    public int? VlanId => Type == Vlan ? SegmentationId : null;

    /// <summary>What no two networks may share; null when nothing is shared.</summary>
    [JsonIgnore]
    public string? Exclusive => Type switch
    {
        Vlan => $"vlan {SegmentationId} on {PhysicalNetwork}",
        Flat => $"flat on {PhysicalNetwork}",
        _ => null,
    };
}

/// <summary>What can happen to a network.</summary>
public abstract record NetworkEvent;

/// <summary>A network was made.</summary>
public sealed record NetworkCreated(
    string Name, string Description, string ProjectId, bool AdminStateUp, Segment Segment, DateTimeOffset At)
    : NetworkEvent;

/// <summary>One more port is on the network.</summary>
public sealed record PortAttached(string PortId) : NetworkEvent;

/// <summary>A port is no longer on the network.</summary>
public sealed record PortDetached(string PortId) : NetworkEvent;

/// <summary>The network is no more.</summary>
public sealed record NetworkDeleted(DateTimeOffset At) : NetworkEvent;

/// <summary>One network. It counts its ports, so that none is put on it while it is deleted.</summary>
/// <param name="Exists">False before it was made, and after it was deleted.</param>
public sealed record Network(
    bool Exists,
    string Name,
    string Description,
    string ProjectId,
    bool AdminStateUp,
    Segment Segment,
    DateTimeOffset CreatedAt,
    int Ports)
{
    public static readonly Network None = new(
        false, "", "", "", true, new(Segment.Local, null, null), default, 0);

    public Network Evolve(NetworkEvent happened) => happened switch
    {
        NetworkCreated e => new(
            true, e.Name, e.Description, e.ProjectId, e.AdminStateUp, e.Segment, e.At, 0),
        PortAttached => this with { Ports = Ports + 1 },
        PortDetached => this with { Ports = Ports - 1 },
        NetworkDeleted => this with { Exists = false },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} has no meaning for a network."),
    };
}
