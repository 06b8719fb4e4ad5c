using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

/// <summary>Network cards: PFs and their VFs.</summary>
internal static class Cards
{
    public static PciDevice Pf(int pf, params (string Key, string? Value)[] tags) => new(
        PciAddress.Parse($"0000:{pf + 1:x2}:00.0"), "15b3", "1017", DeviceType.Pf, null, null, 0, null, null,
        Tags(tags));

    public static PciDevice Vf(int pf, int index, params (string Key, string? Value)[] tags) => new(
        PciAddress.Parse($"0000:{pf + 1:x2}:02.{index}"), "15b3", "1018", DeviceType.Vf, Pf(pf).Address,
        index, 0, null, null, Tags(tags));

    public static PciRequest Request(
        Guid id, int count, params (string Key, string? Value)[] alternative) =>
        new(id, count, [alternative.ToDictionary(pair => pair.Key, pair => pair.Value)]);

    public static PciRequest Request(Guid id, int count, NumaPolicy? policy) =>
        Request(id, count) with { NumaPolicy = policy };

    private static DeviceTags Tags((string Key, string? Value)[] tags) =>
        new(tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value)));
}
