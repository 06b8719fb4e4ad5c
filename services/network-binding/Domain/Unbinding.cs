namespace Platform.NetworkBinding.Domain;

/// <summary>Takes a claim off a port, for good.</summary>
public static class Unbinding
{
    /// <summary>
    /// Recorded also when the claim does not have the port, or there is no such port: its order to bind may
    /// still be under way, and must not find the port free.
    /// </summary>
    public static IReadOnlyList<PortEvent> Decide(Port port, Guid claimId, DateTimeOffset now) =>
        port.Undone.ContainsKey(claimId) ? [] : [new PortUnbound(claimId, now)];
}
