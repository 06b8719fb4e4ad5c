namespace Platform.HostAgent.Domain.Guests;

/// <summary>
/// What is left to the host itself around a port's device. libvirt sets MAC address and VLAN of a VF that it
/// assigns (H12), but no trust; and of a VF that stays under a macvtap, nothing.
/// </summary>
public abstract record HostWork
{
    private const string NoMac = "00:00:00:00:00:00";

    private HostWork()
    {
    }

    /// <summary>On the PF: whether the guest may change the VF's MAC address, and hear all.</summary>
    public sealed record Trust(bool On) : HostWork;

    /// <summary>On the PF: what the VF is held to. VLAN 0 is none.</summary>
    public sealed record MacAndVlan(string MacAddress, int Vlan) : HostWork;

    /// <summary>On the VF's own network device.</summary>
    public sealed record Netdev(string MacAddress, bool IsUp) : HostWork;

    /// <summary>Before the guest gets the device, in this order.</summary>
    /// <exception cref="GuestRefusedException">The binding cannot be used.</exception>
    public static IReadOnlyList<HostWork> Plug(PortVif port, bool? trusted) => KindOf(port) switch
    {
        Left.Trust when trusted == true => [new Trust(true)],
        Left.All => [new MacAndVlan(Mac(port), port.Vlan ?? 0), new Netdev(Mac(port), IsUp: true)],
        _ => [],
    };

    /// <summary>
    /// After the guest gave it back. Trust goes whenever it was spoken of, true or not.
    /// </summary>
    /// <exception cref="GuestRefusedException">The binding cannot be used.</exception>
    public static IReadOnlyList<HostWork> Unplug(PortVif port, bool? trusted) => KindOf(port) switch
    {
        Left.Trust when trusted is not null => [new Trust(false)],
        Left.All => [new MacAndVlan(NoMac, 0), new Netdev(NoMac, IsUp: false)],
        _ => [],
    };

    private enum Left { Nothing, Trust, All }

    private static Left KindOf(PortVif port) => (port.Bound(), port.VnicType) switch
    {
        ("hw_veb", "direct") => Left.Trust,
        ("hw_veb", "macvtap") => Left.All,
        _ => Left.Nothing,
    };

    private static string Mac(PortVif port) => Word.Mac(port.MacAddress)
        ?? throw new GuestRefusedException(
            GuestRefusalKind.MissingDetail, "A macvtap needs a MAC address: give the port one.");
}
