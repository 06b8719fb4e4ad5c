namespace Platform.Contracts.HostAgent;

/// <summary>A NUMA cell of a host.</summary>
/// <param name="Id">As in a device's NUMA node.</param>
/// <param name="Socket">The CPU socket it belongs to; null when the host does not say.</param>
public sealed record NumaCell(int Id, int? Socket);
