using Platform.Pci;

namespace Platform.HostAgent.Domain;

/// <summary>What is decided about taking a claim's functions from its guest.</summary>
/// <param name="Fenced">The agent with the fences raised: kept before a function is touched.</param>
/// <param name="Execute">False before admission: the fences are kept, nothing is touched and nothing
/// answered.</param>
/// <param name="Unplug">To be taken from the guest.</param>
public sealed record Unplugging(AgentState Fenced, bool Execute, IReadOnlyList<PciAddress> Unplug)
{
    /// <summary>
    /// Fences off the generation at each address, plugged or not, so that the claim's late plug is refused. A
    /// function plugged for a newer generation is left alone: it has another owner by now.
    /// </summary>
    public static Unplugging Decide(
        AgentState agent, Guid claimId, long generation, IReadOnlyList<PciAddress> addresses)
    {
        var own = agent.Of(claimId).Where(f => f.Generation <= generation).Select(f => f.Address);
        var all = addresses.Union(own).ToList();
        var fenced = agent.Fence(all, generation);
        return agent.IsAdmitted
            ? new(fenced, true, [.. all.Where(address => agent.At(address)?.Generation <= generation)])
            : new(fenced, false, []);
    }
}
