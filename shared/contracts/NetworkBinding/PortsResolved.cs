namespace Platform.Contracts.NetworkBinding;

/// <summary>What each port needs, in the order asked.</summary>
public sealed record PortsResolved(Guid BootId, IReadOnlyList<ResolvedPort> Ports);

/// <summary>A port with what placement and plugging must know of it.</summary>
/// <param name="VnicType"><c>normal</c>, <c>direct</c>, <c>macvtap</c> or <c>direct-physical</c>.</param>
/// <param name="PhysicalNetwork">Null on a network without one (an overlay).</param>
/// <param name="Vlan">1 to 4094, or null on a flat network.</param>
/// <param name="Trusted">Whether the port's profile asks for a trusted VF; null when it says nothing.</param>
/// <param name="NumaPolicy">The port's <c>numa_affinity_policy</c>: <c>required</c>, <c>socket</c>,
/// <c>preferred</c> or <c>legacy</c>; null when it says none.</param>
public sealed record ResolvedPort(
    string PortId,
    string NetworkId,
    string VnicType,
    string? PhysicalNetwork,
    int? Vlan,
    string MacAddress,
    bool? Trusted = null,
    string? NumaPolicy = null);
