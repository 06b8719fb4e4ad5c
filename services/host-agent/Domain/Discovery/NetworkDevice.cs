using System.Globalization;
using Platform.Pci;

namespace Platform.HostAgent.Domain.Discovery;

/// <summary>A network device of a PCI function.</summary>
/// <param name="Index">Counts up as they appear.</param>
/// <param name="State"><c>up</c>, <c>down</c>, ...: what the driver says of the link.</param>
/// <param name="HasCarrier">Null while it is set down: nobody knows then.</param>
public sealed record NetworkDevice(
    string Name,
    int Index,
    string? MacAddress,
    string? State,
    bool? HasCarrier,
    IReadOnlyList<UpperDevice> Uppers)
{
    /// <summary>
    /// The function it hangs on, nearest first: there may be a bus of another kind, as virtio's, in between.
    /// Null for a network device of no PCI function.
    /// </summary>
    public static PciAddress? FunctionOf(SysfsNetdev read)
    {
        foreach (var folder in read.Target.Split('/').Reverse())
        {
            if (PciAddress.TryParse(folder, out var address, out _))
                return address;
        }

        return null;
    }

    public static NetworkDevice Of(SysfsNetdev read) => new(
        read.Name,
        int.TryParse(read.Index, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0,
        read.Address,
        read.OperationalState,
        read.Carrier switch { "1" => true, "0" => false, _ => null },
        [.. read.Uppers.Select(UpperDevice.Of)]);
}

/// <summary>A network device on top of another.</summary>
/// <param name="Use">What it makes of the one below; null when that one still counts as free.</param>
public sealed record UpperDevice(string Name, string? Use)
{
    public static UpperDevice Of(SysfsUpper read) => new(read.Name, UseBy(read));

    // Any other device on top still counts as free (B19).
    private static string? UseBy(SysfsUpper upper) => upper switch
    {
        { DeviceType: "bridge" or "openvswitch" } => "bridge",
        { DeviceType: "vlan" } => "VLAN",
        { DeviceType: "macvtap" } => "macvtap",
        { DeviceType: "bond" } => "bond",
        _ when upper.Folders.Contains("bridge") => "bridge",
        _ when upper.Folders.Contains("bonding") => "bond",
        _ when upper.Folders.Contains("macvtap") => "macvtap",
        _ => null,
    };
}
