namespace Platform.NetworkBinding.Domain;

/// <summary>The order to bind one port for a claim.</summary>
/// <param name="PhysicalNetwork">Where the function was chosen to reach.</param>
public sealed record BindOrder(PortClaim Claim, string? PhysicalNetwork, DateTimeOffset NotAfter);

/// <summary>What is answered to a <see cref="BindOrder"/>.</summary>
public abstract record Binding
{
    /// <summary>The claim has the port.</summary>
    public sealed record Bound : Binding;

    /// <summary>The claim does not have the port.</summary>
    /// <param name="Permanent">No other host would help.</param>
    public sealed record Refused(string Reason, bool Permanent) : Binding;

    /// <summary>
    /// The order may come twice, late, or after its undo: a claim that has the port is answered so again, and
    /// one that was undone is refused for ever.
    /// </summary>
    public static (Binding Answer, IReadOnlyList<PortEvent> Events) Decide(
        Port port, BindOrder order, DateTimeOffset now)
    {
        if (port.Undone.TryGetValue(order.Claim.ClaimId, out var undone))
            return Refuse($"Claim {order.Claim.ClaimId} was undone at {undone:O}.", permanent: false);
        if (port.Claim?.ClaimId == order.Claim.ClaimId)
            return (new Bound(), []);
        if (Resolution.Problem(port, order.Claim.BootId) is { } problem)
            return Refuse(problem, permanent: true);
        if (port.Claim is { } elder)
            return Refuse(
                $"The boot's claim {elder.ClaimId} on host {elder.HostId} still has it: unbind that first.",
                permanent: false);
        if (now > order.NotAfter)
            return Refuse($"Too late: void after {order.NotAfter:O}, and it is {now:O}.", permanent: false);

        return Misfit(port, order) is { } misfit
            ? Refuse(misfit, permanent: false)
            : (new Bound(), [new PortBound(order.Claim, now)]);
    }

    // Neutron binds whatever the profile says; a guest would then sit on the wrong wire without anyone
    // knowing.
    private static string? Misfit(Port port, BindOrder order)
    {
        var vnicType = port.Attributes.VnicType;
        var function = order.Claim.Function;
        if (!VnicType.TakesFunction(vnicType))
            return function == null
                ? null
                : $"Its vnic type {vnicType} takes no function, but {function.Address} came.";
        if (function == null)
            return $"Its vnic type {vnicType} takes a {VnicType.DeviceType(vnicType)}, but no function came.";
        if (function.DeviceType != VnicType.DeviceType(vnicType))
            return $"Its vnic type {vnicType} takes a {VnicType.DeviceType(vnicType)}, "
                + $"but {function.Address} is a {function.DeviceType}.";
        return order.PhysicalNetwork == port.PhysicalNetwork
            ? null
            : $"{function.Address} reaches physical network {order.PhysicalNetwork ?? "none"}, "
                + $"but the port's network is on {port.PhysicalNetwork}.";
    }

    private static (Binding Answer, IReadOnlyList<PortEvent> Events) Refuse(string reason, bool permanent) =>
        (new Refused(reason, permanent), []);
}
