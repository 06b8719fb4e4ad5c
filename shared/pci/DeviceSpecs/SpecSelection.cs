using System.Globalization;
using System.Text.Json;

namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// What an entry may say beyond Nova's grammar. Nova would take these keys for tags, so that a spec without
/// them means here what it means there.
/// </summary>
/// <param name="VfIndices">Only these VFs of their PFs: <c>"vf_index": "0-3,6"</c> (AX14); null for all
/// functions.</param>
/// <param name="Excludes"><c>"exclude": true</c>: what matches first here is not offered (AX16).</param>
/// <param name="Priority"><c>"priority": 0</c> goes before 99, which is that of an entry without one; equal
/// ones go in their order (AX17).</param>
internal sealed record SpecSelection(
    IReadOnlyList<(int First, int Last)>? VfIndices, bool Excludes, int Priority)
{
    public const int PriorityMax = 99;

    // sriov_totalvfs has 16 bits.
    private const int VfIndexMax = 0xffff;
    private const string Ranges = "write VF indices as \"0-3,6\", lowest first";

    public static SpecSelection Take(SpecEntry entry) => new(
        entry.Take("vf_index") is { } indices ? Read(entry, indices) : null,
        entry.Take("exclude") is { } excludes && Truth(entry, excludes),
        entry.Take("priority") is { } priority ? Number(entry, priority) : PriorityMax);

    public bool Matches(ReportedDevice device) =>
        VfIndices?.Any(range => device.VfIndex >= range.First && device.VfIndex <= range.Last) != false;

    private static List<(int, int)> Read(SpecEntry entry, JsonElement value)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var part in value.ValueKind == JsonValueKind.String ? value.GetString()!.Split(',') : [""])
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || Index(ends[0]) is not { } first || Index(ends[^1]) is not { } last
                || last < first)
                throw entry.Refuse(SpecRefusalKind.Invalid, "vf_index", value.GetRawText(), Ranges);
            ranges.Add((first, last));
        }

        return ranges;
    }

    // Parsing alone would let zero characters at the end pass.
    private static int? Index(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index <= VfIndexMax && !text.Contains('\0', StringComparison.Ordinal)
            ? index
            : null;

    private static bool Truth(SpecEntry entry, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw entry.Refuse(
            SpecRefusalKind.Invalid, "exclude", value.GetRawText(), "write true or false"),
    };

    private static int Number(SpecEntry entry, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
        && number is >= 0 and <= PriorityMax
            ? number
            : throw entry.Refuse(
                SpecRefusalKind.Invalid, "priority", value.GetRawText(),
                $"write a number of 0, which goes first, to {PriorityMax}");
}
