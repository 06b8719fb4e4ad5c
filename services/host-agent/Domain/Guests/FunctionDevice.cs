using System.Globalization;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>What a guest gets for a function that it was given.</summary>
public static class FunctionDevice
{
    private const string Driver = "vfio";

    /// <param name="netdev">The function's network device on the host; null when it has none.</param>
    /// <exception cref="GuestRefusedException">A macvtap of a function without a network device.</exception>
    public static GuestDevice Of(PluggedFunction function, string? netdev) => Device(function, netdev) switch
    {
        PassedFunction passed => passed with { Driver = Driver },
        PassedInterface passed => passed with { Driver = Driver },
        var device => device,
    };

    // Neutron binds ports of PFs as hostdev_physical, and those of VFs as hw_veb.
    private static GuestDevice Device(PluggedFunction function, string? netdev) => function.VnicType is null
        ? new PassedFunction(function.Address)
        : new PortVif(
            function.VnicType == "direct-physical" ? "hostdev_physical" : "hw_veb",
            function.VnicType,
            function.MacAddress,
            function.Address.ToString(),
            new Dictionary<string, string?>
            {
                ["vlan"] = function.Vlan?.ToString(CultureInfo.InvariantCulture),
            }).Device(netdev, new GuestNic());
}
