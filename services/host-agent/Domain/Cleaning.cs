using Platform.Pci;

namespace Platform.HostAgent.Domain;

/// <summary>What is decided about making functions fit for another guest.</summary>
/// <param name="Fenced">The agent with the fences raised: kept before a function is touched.</param>
/// <param name="Execute">False before admission: the inventory repeats the order after it.</param>
/// <param name="Unplug">To be taken from a guest first; a part of <paramref name="Clean"/>.</param>
/// <param name="Clean">To be cleaned and answered. Functions plugged for a newer generation are not among
/// them.</param>
public sealed record Cleaning(
    AgentState Fenced, bool Execute, IReadOnlyList<PciAddress> Unplug, IReadOnlyList<PciAddress> Clean)
{
    public static Cleaning Decide(AgentState agent, long generation, IReadOnlyList<PciAddress> addresses)
    {
        var fenced = agent.Fence(addresses, generation);
        if (!agent.IsAdmitted)
            return new(fenced, false, [], []);

        var clean = addresses.Distinct()
            .Where(address => !(agent.At(address)?.Generation > generation)).ToList();
        return new(fenced, true, [.. clean.Where(address => agent.At(address) != null)], clean);
    }
}
