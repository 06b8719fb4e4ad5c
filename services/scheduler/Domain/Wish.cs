using Platform.Pci;

namespace Platform.Scheduler.Domain;

/// <summary>All that a choice of host depends on.</summary>
/// <param name="HostId">The only host that will do; null for any.</param>
/// <param name="Pack">Hosts with the fewest functions first, as long as they are enough.</param>
public sealed record Wish(Demand Demand, string? HostId = null, bool Pack = false);
