namespace Platform.Inventory.Domain;

/// <summary>Whether a host is there.</summary>
public static class Liveness
{
    /// <summary>
    /// Whether the agent has to report everything: it lives while the host passes for dead, or it has
    /// published an event that never came.
    /// </summary>
    public static bool NeedsReport(bool online, long sequence, long published) =>
        !online || published > sequence;

    /// <summary>
    /// Takes a silent host out of the offer. A new life of its agent, begun meanwhile, is not concerned.
    /// </summary>
    public static (bool Answer, IReadOnlyList<HostEvent> Events) FallSilent(
        HostInventory host, long epoch, string reason) => host.Online && host.Agent.Epoch == epoch
            ? (true, [new HostFellSilent(epoch, reason)])
            : (false, []);
}
