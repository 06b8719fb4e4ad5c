using System.Collections.Immutable;
using System.Text.Json;
using Platform.Pci;

namespace Platform.Conformance.Tests.Kinds;

/// <summary>The device tracker of a host.</summary>
public sealed class TrackerKind : IKind
{
    public string Name => "tracker";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        var host = new TrackedHost(line);
        var (before, devicesBefore) = (JsonElement.Parse("[]"), JsonElement.Parse("{}"));
        foreach (var (number, op) in line.GetProperty("ops").EnumerateArray().Index())
        {
            var (after, devicesAfter) = (op.GetProperty("pools"), op.GetProperty("devices_after"));
            var ours = host.Do(op);
            var input = PoolTexts.With(
                op, ("before", before), ("devices_before", devicesBefore),
                ("parents", host.Parents()),
                ("mixed", JsonSerializer.SerializeToElement(host.IsMixed(before) || host.IsMixed(after))));
            var state = TrackedHost.Recorded(op, before, devicesBefore);
            yield return new(Name, $"{line.GetProperty("id")} op {number}", input, Nova(op, state), ours);
            if (host.State(op) != state)
                host.Restore(after, devicesAfter);
            (before, devicesBefore) = (after, devicesAfter);
        }
    }

    private static Outcome Nova(JsonElement op, string state)
    {
        if (op.TryGetProperty("error", out var error))
            return Outcome.OfNova(error) with { Text = state };
        var result = op.GetProperty("result");
        return Outcome.Given(result.ValueKind == JsonValueKind.Array
            ? $"{string.Join(' ', result.EnumerateArray())}: {state}"
            : state);
    }
}

internal sealed class TrackedHost(JsonElement line)
{
    private readonly OfferedDevices offered = new(line);
    private readonly Dictionary<PciAddress, PciDevice> seen = [];

    // Our status follows from the owners, and so what Nova says cannot be restored when it contradicts them.
    // A device that the ops since have left as it was is written as Nova had it.
    private readonly Dictionary<string, string> contradicted = [];
    private readonly Dictionary<PciAddress, DeviceTags> pooledAs = [];
    private DeviceTracker tracker = DeviceTracker.Empty;

    /// <summary>Does an op, and says what it took, and the devices and pools after.</summary>
    public Outcome Do(JsonElement op)
    {
        switch (op.GetProperty("op").GetString())
        {
            case "sync":
                tracker = tracker.Sync([.. op.GetProperty("devices").EnumerateArray().Select(offered.Read)
                    .OfType<PciDevice>().Select(See)]);
                break;
            case "claim":
                (tracker, var taken) = tracker.Claim(
                    Instance(op), PoolTexts.Requests(op), PoolTexts.Numa(line.GetProperty("host"), op));
                var addresses = PoolTexts.Text(taken.Devices.Select(device => device.Device.Address));
                return taken.Shortfall is null
                    ? Outcome.Given($"{addresses}: {State(op)}")
                    : new(State(op), PoolTexts.Unmet);
            case "allocate":
                tracker = tracker.Allocate(Instance(op));
                break;
            case "free":
                tracker = tracker.Free(Instance(op));
                break;
            case var other:
                throw new NotSupportedException($"The tracker has no '{other}'.");
        }

        return Outcome.Given(State(op));
    }

    /// <summary>The devices and pools as Nova recorded them after an op.</summary>
    public static string Recorded(JsonElement op, JsonElement poolsBefore, JsonElement devicesBefore) =>
        State(
            Devices(op.GetProperty("devices_after")).Values,
            PoolTexts.Text(op.GetProperty("pools"), poolsBefore, devicesBefore));

    /// <summary>Ours, after an op.</summary>
    public string State(JsonElement op)
    {
        var nova = Devices(op.GetProperty("devices_after"));
        var devices = Written().Select(device => device.Value == nova.GetValueOrDefault(device.Key)
            ? device.Value
            : contradicted.GetValueOrDefault(device.Value, device.Value));
        return State(devices, PoolTexts.Text(
            tracker.Pools.Count().Where(pool => pool.Free > 0),
            tracker.Pools.Devices.Select(device => device.Address)));
    }

    /// <summary>The PFs of the VFs, by address.</summary>
    public JsonElement Parents() => JsonSerializer.SerializeToElement(
        seen.Values.Where(device => device.Parent is not null)
            .ToDictionary(device => device.Address.ToString(), device => device.Parent.ToString()));

    public bool IsMixed(JsonElement pools) => PoolTexts.AreMixed(pools, seen);

    public void Restore(JsonElement pools, JsonElement devices)
    {
        var offeredTags = seen.ToDictionary(entry => entry.Key, entry => entry.Value.Tags);
        var restored = PoolTexts.Restore(pools, seen);
        foreach (var (address, device) in seen)
            if (!device.Tags.Equals(offeredTags[address]))
                pooledAs[address] = device.Tags;
        tracker = new(
            devices.EnumerateObject().ToImmutableSortedDictionary(
                device => PciAddress.Parse(device.Name), device => Tracked(device.Name, device.Value)),
            restored);
        contradicted.Clear();
        var ours = Written();
        foreach (var (address, text) in Devices(devices))
            contradicted[ours[address]] = text;
    }

    private static string State(IEnumerable<string> devices, string pools) =>
        $"{string.Join(", ", devices)} {pools}";

    private static ImmutableSortedDictionary<PciAddress, string> Devices(JsonElement devices) =>
        devices.EnumerateObject().ToImmutableSortedDictionary(
            device => PciAddress.Parse(device.Name),
            device => $"{device.Name} {Status(device.Value[0].GetString()!)} "
                + $"{device.Value[1]} {device.Value[2]}");

    private ImmutableSortedDictionary<PciAddress, string> Written() =>
        tracker.Devices.ToImmutableSortedDictionary(entry => entry.Key, entry =>
            $"{entry.Key} {Status(tracker.StatusOf(entry.Key).ToString().ToLowerInvariant())} "
            + $"{entry.Value.Instance} {entry.Value.Device.Type}");

    // Both say that a relative is in use. Which of them Nova says depends on what was before: a PF stays
    // unavailable when its allocated VF is freed and another is only claimed.
    private static string Status(string status) =>
        status is "unclaimable" or "unavailable" ? "blocked" : status;

    private PciDevice See(PciDevice device) => seen[device.Address] =
        pooledAs.TryGetValue(device.Address, out var tags) ? device with { Tags = tags } : device;

    private TrackedDevice Tracked(string name, JsonElement recorded)
    {
        var address = PciAddress.Parse(name);
        Guid? instance = recorded[1].GetString() is { } id ? Guid.Parse(id) : null;
        return instance is not null && tracker.Devices.TryGetValue(address, out var known)
            ? known with { Instance = instance, Allocated = recorded[0].GetString() == "allocated" }
            : new(seen[address], instance, recorded[0].GetString() == "allocated");
    }

    private static Guid Instance(JsonElement op) => Guid.Parse(op.GetProperty("instance").GetString()!);
}
