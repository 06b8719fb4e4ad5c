using System.Collections.Immutable;
using System.Globalization;
using Platform.Pci;

namespace Platform.HostAgent.Domain.Discovery;

/// <summary>A PCI function as the kernel shows it.</summary>
/// <param name="Class">Base class, subclass, interface: <c>020000</c> is an Ethernet controller.</param>
/// <param name="VfProductId">Of a PF: what its VFs will say they are.</param>
/// <param name="Vfs">Of a PF: its VFs by index.</param>
/// <param name="VfioDevices">Its own VFIO devices.</param>
public sealed record KernelFunction(
    PciDevice Device,
    string Class,
    string? VfProductId,
    ImmutableSortedDictionary<int, PciAddress> Vfs,
    string? Driver,
    IReadOnlyList<string> VfioDevices)
{
    private const string VirtualFunction = "virtfn";
    private static readonly string[] BridgeClasses = ["0600", "0604", "0607", "0609"];

    public PciAddress Address => Device.Address;

    /// <summary>To the host, to PCI or to CardBus: it carries functions, and no guest can have it.</summary>
    public bool IsBridge => BridgeClasses.Contains(Class[..4]);

    /// <summary>Null, with the reason, when the function cannot be made sense of.</summary>
    public static KernelFunction? Read(SysfsFunction read, out string? reason)
    {
        if (!IsAddress(read.Name, out var address, out reason))
            return null;
        if (read.Vendor is null || read.Device is null || read.Class is null)
            reason = "It has no vendor, device or class: it vanished while it was read.";
        else if (Hex(read.Vendor, 4) is not { } vendor)
            reason = $"Its vendor is '{read.Vendor}', which is not 0x and four hex digits.";
        else if (Hex(read.Device, 4) is not { } product)
            reason = $"Its device is '{read.Device}', which is not 0x and four hex digits.";
        else if (Hex(read.Class, 6) is not { } kind)
            reason = $"Its class is '{read.Class}', which is not 0x and six hex digits.";
        else if (!Number(read.NumaNode, out var node))
            reason = $"Its numa_node is '{read.NumaNode}', which is no number.";
        else if (!Number(read.TotalVfs, out var total))
            reason = $"Its sriov_totalvfs is '{read.TotalVfs}', which is no number.";
        else if (!Number(read.IommuGroup, out var group))
            reason = $"Its iommu_group is '{read.IommuGroup}', which is no number.";
        else if (Links(read, out var parent, out var vfs) is { } broken)
            reason = broken;
        else
        {
            var isPf = total > 0;
            var type = isPf ? DeviceType.Pf : parent is null ? DeviceType.Pci : DeviceType.Vf;
            var device = new PciDevice(
                address, vendor, product, type, parent, null, node < 0 ? null : node, null, null,
                DeviceTags.None, isPf ? total : null, null, group);
            return new(
                device, kind, Hex($"0x{read.VfDevice}", 4), vfs, read.Driver, read.VfioDevices);
        }

        return null;
    }

    private static bool IsAddress(string name, out PciAddress address, out string? reason)
    {
        if (PciAddress.TryParse(name, out address, out reason))
            return true;
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon > 4 && PciAddress.TryParse(name[(colon - 4)..], out _, out _))
            reason = $"Its domain {name[..colon]} is above ffff: no guest can be given it.";
        return false;
    }

    private static string? Links(
        SysfsFunction read, out PciAddress? parent, out ImmutableSortedDictionary<int, PciAddress> vfs)
    {
        parent = null;
        vfs = ImmutableSortedDictionary<int, PciAddress>.Empty;
        if (read.PhysicalFunction is { } name)
        {
            if (!PciAddress.TryParse(name, out var pf, out var reason))
                return $"Its physfn: {reason}";
            parent = pf;
        }

        foreach (var (link, target) in read.VirtualFunctions)
        {
            if (!Number(link[VirtualFunction.Length..], out var index)
                || !PciAddress.TryParse(target, out var vf, out _))
                return $"Its {link} is '{target}', which is no VF.";
            vfs = vfs.SetItem(index!.Value, vf);
        }

        return null;
    }

    private static string? Hex(string text, int digits) =>
        text.Length == digits + 2 && text.StartsWith("0x", StringComparison.Ordinal)
        && text[2..].All(char.IsAsciiHexDigit)
            ? text[2..].ToLowerInvariant()
            : null;

    private static bool Number(string? text, out int? number)
    {
        var isNumber = int.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        number = isNumber ? value : null;
        return isNumber || text is null;
    }
}
