namespace Platform.Contracts.Inventory;

/// <summary>The host's agent was admitted and has reported its devices: the host is offered.</summary>
public sealed record HostWentOnline(string HostId, long Epoch);
