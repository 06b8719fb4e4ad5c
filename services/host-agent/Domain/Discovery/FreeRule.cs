using Platform.Pci;

namespace Platform.HostAgent.Domain.Discovery;

/// <summary>
/// What makes a function not free: a guest (B16), a macvtap (B17), a bridge or a VLAN on top (B18), or a bond
/// that it is a member of. Any other device on top leaves it free (B19).
/// </summary>
public static class FreeRule
{
    /// <summary>Null when it is free.</summary>
    /// <param name="areUsersKnown">False when somebody unseen may hold VFIO devices.</param>
    public static string? UseOf(
        KernelFunction function,
        IEnumerable<NetworkDevice> netdevs,
        IEnumerable<VfioUser> users,
        bool areUsersKnown)
    {
        var below = netdevs.SelectMany(netdev => netdev.Uppers, (netdev, upper) => (netdev, upper))
            .FirstOrDefault(pair => pair.upper.Use is not null);
        if (below.upper is { } upper)
            return $"The {upper.Use} {upper.Name} is on top of its network device {below.netdev.Name}.";

        if (users.FirstOrDefault(user => Holds(user, function)) is { } holder)
            return $"It is held open through VFIO by {holder}.";
        return !areUsersKnown && IsOnVfio(function)
            ? $"It is bound to {function.Driver}, and who holds it open cannot be seen: "
                + "run the agent as root, and where it sees all processes."
            : null;
    }

    /// <summary>
    /// What is not to be offered, and why: what something else uses, and a PF that has such a VF. What the
    /// host's own guests have is offered as before: the inventory knows who has it.
    /// </summary>
    public static IReadOnlyDictionary<PciAddress, string> Withheld(
        IEnumerable<PciDevice> devices,
        IReadOnlyDictionary<PciAddress, string> uses,
        IEnumerable<PluggedFunction> plugged)
    {
        var own = plugged.Select(function => function.Address).ToHashSet();
        var withheld = uses.Where(use => !own.Contains(use.Key)).ToDictionary();
        foreach (var vf in devices)
        {
            if (vf.Parent is { } pf && !own.Contains(pf) && !uses.ContainsKey(pf)
                && uses.TryGetValue(vf.Address, out var use) && !own.Contains(vf.Address))
                withheld.TryAdd(pf, $"Its VF {vf.Address} is not free. {use}");
        }

        return withheld;
    }

    /// <summary>Bound to a driver that hands functions to processes.</summary>
    public static bool IsOnVfio(string? driver, IReadOnlyCollection<string> vfioDevices) =>
        vfioDevices.Count > 0 || driver?.Contains("vfio", StringComparison.Ordinal) == true;

    private static bool IsOnVfio(KernelFunction function) => IsOnVfio(function.Driver, function.VfioDevices);

    private static bool Holds(VfioUser user, KernelFunction function) =>
        user.Group is { } group && group == function.Device.IommuGroup
        || user.Device is { } device && function.VfioDevices.Contains(device);
}
