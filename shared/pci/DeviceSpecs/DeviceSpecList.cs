using System.Text.Json;

namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// Nova's <c>[pci] device_spec</c>: entries in their configured order, of which the first that matches a
/// device says what the device is (A13), those of the lowest priority number first (AX17).
/// </summary>
public sealed class DeviceSpecList
{
    /// <summary>Offers nothing (AX19).</summary>
    public static readonly DeviceSpecList Empty = new([]);

    private DeviceSpecList(IReadOnlyList<DeviceSpec> specs) => Specs = specs;

    public IReadOnlyList<DeviceSpec> Specs { get; }

    /// <summary>
    /// Reads the option, which may be given several times (A2), each time an object (A1) or a list of
    /// objects (AX1) in JSON.
    /// </summary>
    /// <exception cref="SpecRefusedException">One entry is wrong, and so nothing is offered.</exception>
    public static DeviceSpecList Parse(IEnumerable<string> options, HostFacts facts)
    {
        var specs = new List<DeviceSpec>();
        foreach (var option in options)
        {
            if (JsonText.Read(option, out var reason) is not { } json)
                throw Refuse(specs, option, $"write JSON ({reason})");
            var entries = json.ValueKind switch
            {
                JsonValueKind.Object => [json],
                JsonValueKind.Array => json.EnumerateArray().ToArray(),
                _ => throw Refuse(specs, option, "write a JSON object or a list of objects"),
            };
            foreach (var entry in entries)
                specs.Add(entry.ValueKind == JsonValueKind.Object
                    ? new(new SpecEntry(entry, specs.Count + 1), facts)
                    : throw Refuse(specs, entry.GetRawText(), "write a JSON object"));
        }

        return new([.. specs.OrderBy(spec => spec.Selection.Priority)]);
    }

    /// <summary>The first entry about the device; null when there is none, or it excludes it.</summary>
    /// <param name="refusal">Why the device cannot be offered at all: its address is none.</param>
    public DeviceSpec? Match(ReportedDevice device, HostFacts facts, out SpecRefusal? refusal)
    {
        refusal = null;
        var read = new DeviceAddresses(device);
        foreach (var spec in Specs)
        {
            if (spec.Matches(read, facts, out refusal))
                return spec.Selection.Excludes ? null : spec;
            if (refusal is not null)
                return null;
        }

        return null;
    }

    private static SpecRefusedException Refuse(List<DeviceSpec> before, string value, string allowed) =>
        new(new(SpecRefusalKind.Invalid, before.Count + 1, "", value, allowed));
}
