using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>What an admitted agent is told.</summary>
public sealed record Admission(long Epoch, IReadOnlyDictionary<PciAddress, long> Fences);

/// <summary>Admits one life of a host's agent at a time.</summary>
public static class Registration
{
    /// <summary>
    /// Admits this life of the agent, or answers null for a life that is over: its straggler must not end the
    /// present one. The same life again gets the same epoch.
    /// </summary>
    public static (Admission? Answer, IReadOnlyList<HostEvent> Events) Decide(
        HostInventory host, string hostId, Guid instanceId)
    {
        var agent = host.Agent;
        if (agent.Epoch > 0 && agent.InstanceId == instanceId)
            return (new(agent.Epoch, host.Fences), []);
        if (agent.Earlier.Contains(instanceId))
            return (null, []);

        var admitted = new HostAdmitted(hostId, instanceId, agent.Epoch + 1);
        return (new(admitted.Epoch, host.Fences), host.Online
            ? [new HostFellSilent(agent.Epoch, "Its agent started anew and has not reported yet."), admitted]
            : [admitted]);
    }
}
