using System.Globalization;
using Platform.Pci;

namespace Platform.HostAgent.Domain;

/// <summary>The order to give functions to a guest, all or none.</summary>
public sealed record PlugOrder(
    Guid ClaimId, long Generation, DateTimeOffset NotAfter, IReadOnlyList<PluggedFunction> Functions);

/// <summary>What is decided about a <see cref="PlugOrder"/>.</summary>
public abstract record Plugging
{
    /// <summary>Nothing is done.</summary>
    public sealed record Refused(string Reason) : Plugging;

    /// <summary>The guest has them already, as ordered.</summary>
    public sealed record AlreadyPlugged : Plugging;

    /// <summary>To be done. <paramref name="Intent"/> is kept before the first function is touched.</summary>
    public sealed record Accepted(AgentState Intent) : Plugging;

    /// <summary>
    /// A plug may come twice, late, or after its undo. Late and undone ones are refused by the fences; one
    /// that was done is answered from state, whatever the time is now.
    /// </summary>
    public static Plugging Decide(
        AgentState agent, PlugOrder order, IReadOnlyList<PciDevice> host, DateTimeOffset now)
    {
        if (!agent.IsAdmitted)
            return new Refused("The agent is not admitted yet: the inventory has to send it an epoch first.");

        var refusal = order.Functions
            .Select(f => Fenced(agent, f, order.Generation)).FirstOrDefault(r => r != null);
        if (refusal != null)
            return new Refused(refusal);

        var wanted = order.Functions.Select(f => f with { Done = true }).ToList();
        // Also of an order without functions, as of a guest with normal ports alone: nothing is to be done.
        if (wanted.All(f => agent.At(f.Address) == f))
            return new AlreadyPlugged();

        if (now > order.NotAfter)
            return new Refused($"Too late: void after {Text(order.NotAfter)}, and it is {Text(now)}.");

        refusal = Malformed(order) ?? order.Functions
            .Select(f => NotOnHost(f, host) ?? Held(agent, f, host) ?? SameMac(agent, f, host))
            .FirstOrDefault(r => r != null);
        return refusal == null ? new Accepted(agent.With(order.Functions)) : new Refused(refusal);
    }

    private static string? Fenced(AgentState agent, PluggedFunction function, long generation) =>
        generation <= agent.FenceOf(function.Address)
            ? $"{function.Address} is fenced at generation {agent.FenceOf(function.Address)}; "
                + $"the plug has {generation}."
            : null;

    private static string? Malformed(PlugOrder order)
    {
        var twice = order.Functions.GroupBy(f => f.Address).FirstOrDefault(g => g.Count() > 1);
        if (twice != null)
            return $"{twice.Key} is named twice in one order.";
        return order.Functions.Select(BadSetting).FirstOrDefault(r => r != null);
    }

    // The kernel accepts VLAN 4095, and a multicast MAC on some drivers; the guest then hears nothing.
    private static string? BadSetting(PluggedFunction function)
    {
        if (function.Vlan is < 1 or > 4094)
            return $"VLAN {function.Vlan} of {function.Address} is not in 1 to 4094.";
        return function.VnicType == null || MacText.Refuse(function.MacAddress) is not { } refusal
            ? null
            : $"MAC address of {function.Address}: {refusal}";
    }

    private static string? NotOnHost(PluggedFunction function, IReadOnlyList<PciDevice> host)
    {
        var found = host.FirstOrDefault(f => f.Address == function.Address);
        if (found == null)
            return $"{function.Address} is not a function of this host.";
        return function.VnicType == null
            || function.VnicType == "direct-physical" == (found.Type == DeviceType.Pf)
            ? null
            : $"{function.Address} is {found.Type}, which vnic type {function.VnicType} cannot take.";
    }

    // A PF and its VFs exclude each other: a guest that owns the PF owns the switch its VFs hang on.
    private static string? Held(AgentState agent, PluggedFunction function, IReadOnlyList<PciDevice> host)
    {
        var holder = agent.At(function.Address);
        if (holder != null && holder.ClaimId != function.ClaimId)
            return $"{function.Address} is held by claim {holder.ClaimId} of {holder.VmId}.";
        var kin = host.Where(f => f.Parent == function.Address).Select(f => (PciAddress?)f.Address)
            .Append(host.First(f => f.Address == function.Address).Parent)
            .Select(address => address is { } one ? agent.At(one) : null)
            .FirstOrDefault(other => other != null);
        return kin == null
            ? null
            : $"{function.Address} cannot be taken: {kin.Address} of the same card is held by "
                + $"claim {kin.ClaimId} of {kin.VmId}.";
    }

    private static string? SameMac(AgentState agent, PluggedFunction function, IReadOnlyList<PciDevice> host)
    {
        var card = host.First(f => f.Address == function.Address).Parent;
        var twin = function.MacAddress == null ? null : agent.Functions.Values.FirstOrDefault(other =>
            other.Address != function.Address
            && (other.MacAddress, other.Vlan) == (function.MacAddress, function.Vlan)
            && card != null && host.FirstOrDefault(f => f.Address == other.Address)?.Parent == card);
        return twin == null
            ? null
            : $"MAC address {function.MacAddress} is on {twin.Address} of the same PF, for {twin.VmId}.";
    }

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);
}
