using System.Text.Json;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.Conformance.Tests.Kinds;

/// <summary>The devices of a recorded host that its device spec offers.</summary>
/// <exception cref="SpecRefusedException">The device spec is wrong.</exception>
internal sealed class OfferedDevices(JsonElement line)
{
    private readonly HostFacts facts = Host.Facts(line.GetProperty("sysfs"));

    private readonly DeviceSpecList specs = DeviceSpecList.Parse(
        line.GetProperty("device_spec").EnumerateArray().Select(option => option.GetString()!),
        Host.Facts(line.GetProperty("sysfs")));

    /// <summary>Null when no entry offers it, or its address is none.</summary>
    public PciDevice? Read(JsonElement device)
    {
        var reported = Host.Device(device);
        return specs.Match(reported, facts, out _) is { } match
            ? new(
                PciAddress.Parse(reported.Address), reported.VendorId, reported.ProductId,
                device.GetProperty("dev_type").GetString()!,
                reported.ParentAddress is { } parent ? PciAddress.Parse(parent) : null, null,
                Host.Find(device, "numa_node")?.GetInt32(), null, reported.CardSerialNumber,
                Host.Find(device, "parent_ifname")?.GetString() is { } netdev
                    ? match.Tags.With("parent_ifname", netdev)
                    : match.Tags)
            : null;
    }
}
