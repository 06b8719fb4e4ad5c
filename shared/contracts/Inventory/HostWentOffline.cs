namespace Platform.Contracts.Inventory;

/// <summary>The host is not offered any more. What it has given stays given.</summary>
public sealed record HostWentOffline(string HostId, long Epoch, string Reason);
