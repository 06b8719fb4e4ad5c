using System.Text.Json;
using Platform.Pci.DeviceSpecs;

namespace Platform.Conformance.Tests.Kinds;

/// <summary>One device spec entry and one device: does it match, and what are its tags.</summary>
public sealed class SpecKind : IKind
{
    public string Name => "spec";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        var nova = line.TryGetProperty("error", out var error)
            ? Outcome.OfNova(error)
            : Outcome.Given(Texts.Match(
                line.GetProperty("match").GetBoolean() ? 0 : null,
                line.GetProperty("parsed").GetProperty("tags")));
        yield return new(Name, line.GetProperty("id").ToString(), line, nova, Match(line));
    }

    private static Outcome Match(JsonElement line) =>
        WhitelistKind.Match([line.GetProperty("spec").GetRawText()], line, specs => specs.Specs[0].Tags);
}

/// <summary>A whole device spec and one device: which entry matches first, and what are its tags.</summary>
public sealed class WhitelistKind : IKind
{
    public string Name => "whitelist";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        yield return new(Name, line.GetProperty("id").ToString(), line, Nova(line), Ours(line));
    }

    /// <param name="tagsAnyway">The tags to tell when nothing matches.</param>
    internal static Outcome Match(
        IEnumerable<string> options, JsonElement line, Func<DeviceSpecList, Pci.DeviceTags?> tagsAnyway)
    {
        var facts = Host.Facts(line.GetProperty("sysfs"));
        try
        {
            var specs = DeviceSpecList.Parse(options, facts);
            var match = specs.Match(Host.Device(line.GetProperty("device")), facts, out var refusal);
            if (refusal is not null)
                return Outcome.Refused(NameOf(refusal.Kind));
            int? index = match is null ? null : specs.Specs.ToList().IndexOf(match);
            return Outcome.Given(Texts.Match(index, match?.Tags ?? tagsAnyway(specs)));
        }
        catch (SpecRefusedException refused)
        {
            return Outcome.Refused(NameOf(refused.Refusal.Kind));
        }
    }

    private static Outcome Nova(JsonElement line)
    {
        if (line.TryGetProperty("error", out var error))
            return Outcome.OfNova(error);
        var index = line.GetProperty("matched_index");
        return Outcome.Given(Texts.Match(
            index.ValueKind == JsonValueKind.Null ? null : index.GetInt32(), line.GetProperty("tags")));
    }

    private static Outcome Ours(JsonElement line) =>
        Match(Texts.Lines(line, "device_spec"), line, _ => null);

    private static string NameOf(SpecRefusalKind kind) => kind switch
    {
        SpecRefusalKind.Invalid => "PciConfigInvalidSpec",
        SpecRefusalKind.WrongAddressFormat => "PciDeviceWrongAddressFormat",
        SpecRefusalKind.AddressAndDevname => "PciDeviceInvalidDeviceName",
        SpecRefusalKind.DeviceNotFound => "PciDeviceNotFoundById",
        SpecRefusalKind.PfRemoteManaged => "PciDeviceInvalidPFRemoteManaged",
        SpecRefusalKind.RemoteManagedAbsent => "PciDeviceRemoteManagedNotPresent",
        _ => throw new InvalidOperationException($"Nova has no class for {kind}."),
    };
}
