using System.Text.Json;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.Conformance.Tests;

/// <summary>Reads the recorded hosts and devices.</summary>
public static class Host
{
    /// <summary>Reads <c>{pfs, netdevs, vf_device, ids}</c>; the last two may be missing.</summary>
    public static HostFacts Facts(JsonElement sysfs)
    {
        var pfs = sysfs.GetProperty("pfs").EnumerateArray().Select(pf => pf.GetString()!);
        return new(
            pfs.ToDictionary(PciAddress.Parse, pf => new PfIds(
                Find(sysfs, "ids", pf)?[0].GetString(), Find(sysfs, "ids", pf)?[1].GetString(),
                Find(sysfs, "vf_device", pf)?.GetString())),
            sysfs.GetProperty("netdevs").EnumerateObject()
                .ToDictionary(netdev => netdev.Name, netdev => PciAddress.Parse(netdev.Value.GetString())));
    }

    public static ReportedDevice Device(JsonElement device) => new(
        device.GetProperty("address").GetString()!, device.GetProperty("vendor_id").GetString()!,
        device.GetProperty("product_id").GetString()!, Find(device, "parent_addr")?.GetString(),
        Find(device, "capabilities", "vpd", "card_serial_number")?.GetString());

    /// <summary>What lies at the end of a path of names; null when it is not there, or is null.</summary>
    public static JsonElement? Find(JsonElement json, params string[] path)
    {
        foreach (var name in path)
            if (json.ValueKind == JsonValueKind.Null || !json.TryGetProperty(name, out json))
                return null;
        return json.ValueKind == JsonValueKind.Null ? null : json;
    }
}
