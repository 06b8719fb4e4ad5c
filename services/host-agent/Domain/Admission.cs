using Platform.Pci;

namespace Platform.HostAgent.Domain;

/// <summary>Lets the inventory admit this life of the agent, and learns from it what is fenced off.</summary>
public static class Admission
{
    /// <summary>
    /// Null when the admission is not for this life, or is older than one already taken. The same epoch again
    /// keeps the sequence: the inventory has seen what it has seen.
    /// </summary>
    public static AgentState? Decide(
        AgentState agent,
        Guid life,
        Guid admittedLife,
        long epoch,
        IEnumerable<KeyValuePair<PciAddress, long>> fences)
    {
        if (life != admittedLife || epoch < agent.Epoch)
            return null;

        var fenced = fences.Aggregate(agent, (state, fence) => state.Fence([fence.Key], fence.Value));
        return epoch == agent.Epoch ? fenced : fenced with { Epoch = epoch, Sequence = 0 };
    }
}
