using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Pci;

namespace Platform.Conformance.Tests.Kinds;

/// <summary>Pools, requests and NUMA cells as the sequences record them.</summary>
internal static class PoolTexts
{
    /// <summary>What we call a request that cannot be met, in Nova's words.</summary>
    public const string Unmet = "PciDeviceRequestFailed";

    /// <summary>Reads <c>{count, spec, numa_policy?}</c>.</summary>
    public static IReadOnlyList<PciRequest> Requests(JsonElement op) =>
    [
        .. op.GetProperty("requests").EnumerateArray().Select(request => new PciRequest(
            Guid.Empty, request.GetProperty("count").GetInt32(),
            [.. request.GetProperty("spec").EnumerateArray().Select(Tags)],
            Policy(request))),
    ];

    /// <summary>
    /// Reads the host's <c>[{id, socket}]</c> and the guest's <c>[id]</c>; both may be null.
    /// </summary>
    public static NumaAffinity? Numa(JsonElement host, JsonElement op) => NumaAffinity.Of(
        Host.Find(host, "cells") is { } cells
            ? [.. cells.EnumerateArray().Select(cell => new NumaCell(
                cell.GetProperty("id").GetInt32(), Host.Find(cell, "socket")?.GetInt32()))]
            : [],
        Host.Find(op, "numa_cells")?.EnumerateArray().Select(cell => cell.GetInt32()) ?? []);

    public static DeviceTags Tags(JsonElement tags) => new(tags.EnumerateObject().Select(
        tag => KeyValuePair.Create(tag.Name, tag.Value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => tag.Value.GetString(),
            _ => tag.Value.GetRawText(),
        })));

    public static Pool Pool(JsonElement pool) => new(
        pool.GetProperty("vendor_id").GetString()!, pool.GetProperty("product_id").GetString()!,
        pool.GetProperty("dev_type").GetString()!, Number(pool.GetProperty("numa_node")),
        Tags(pool.GetProperty("tags")), pool.GetProperty("count").GetInt32(),
        pool.GetProperty("count").GetInt32());

    /// <summary>The pools and, on the compute side, their devices: in order.</summary>
    public static string Text(IEnumerable<Pool> pools, IEnumerable<PciAddress>? devices = null) =>
        $"[{string.Join("; ", pools.Select(Text))}] [{Text(devices ?? [])}]";

    public static string Text(JsonElement pools) =>
        Text(pools.EnumerateArray().Select(Pool), DevicesOf(pools));

    /// <summary>
    /// Pools after an op. Where a device lay in them twice before, or once and was somebody's, which cannot
    /// be restored, the surplus is left out. So are used up pools.
    /// </summary>
    /// <param name="statuses">Nova's devices before: <c>{address: [status, ...]}</c>.</param>
    public static string Text(JsonElement pools, JsonElement before, JsonElement statuses)
    {
        var surplus = DevicesOf(before).CountBy(address => address).ToDictionary(
            device => device.Key,
            device => device.Value
                - (Host.Find(statuses, $"{device.Key}")?[0].GetString() == "available" ? 1 : 0));
        var left = pools.EnumerateArray().Select(pool => (
            Pool: Pool(pool),
            Devices: DevicesOfOne(pool).Where(address =>
                (surplus[address] = surplus.GetValueOrDefault(address) - 1) < 0).ToList())).ToList();
        return Text(
            left.Where(pool => pool.Devices.Count > 0)
                .Select(pool => pool.Pool with { Free = pool.Devices.Count }),
            left.SelectMany(pool => pool.Devices));
    }

    public static string Text(DevicePools pools) =>
        Text(pools.Count(), pools.Devices.Select(device => device.Address));

    public static string Text(IEnumerable<PciAddress> devices) => string.Join(' ', devices);

    public static IEnumerable<PciAddress> DevicesOf(JsonElement pools) =>
        pools.EnumerateArray().SelectMany(DevicesOfOne);

    /// <summary>
    /// Pools as Nova recorded them. A device that lies in a pool of other tags is given the pool's, for good.
    /// </summary>
    public static DevicePools Restore(JsonElement pools, IDictionary<PciAddress, PciDevice> devices)
    {
        var restored = DevicePools.Empty;
        foreach (var (number, pool) in pools.EnumerateArray().Index())
        {
            foreach (var address in DevicesOfOne(pool))
            {
                if (!IsOf(Pool(pool), devices[address]))
                    devices[address] = devices[address] with { Tags = Tags(pool.GetProperty("tags")) };
                restored = restored.Add(devices[address]);
            }

            if (pool.GetProperty("count").GetInt32() == 0)
                restored = AddUsedUp(restored, Pool(pool), number);
        }

        return restored;
    }

    /// <summary>A device lies in a pool that is not that of its tags.</summary>
    public static bool AreMixed(JsonElement pools, IDictionary<PciAddress, PciDevice> devices) => pools
        .EnumerateArray()
        .Any(pool => DevicesOfOne(pool).Any(address => !IsOf(Pool(pool), devices[address])));

    /// <summary>An op, with what else the rules in <see cref="Deviations"/> look at.</summary>
    public static JsonElement With(JsonElement op, params (string Name, JsonElement Value)[] more)
    {
        var input = JsonObject.Create(op)!;
        foreach (var (name, value) in more)
            input[name] = JsonSerializer.SerializeToNode(value);
        return JsonSerializer.SerializeToElement(input);
    }

    /// <summary>The PFs of the recorded VFs, by address.</summary>
    public static JsonElement Parents(JsonElement line) => JsonSerializer.SerializeToElement(
        (Host.Find(line, "devices")?.EnumerateArray() ?? [])
            .Where(device => Host.Find(device, "parent_addr") is not null)
            .ToDictionary(
                device => device.GetProperty("address").GetString()!,
                device => device.GetProperty("parent_addr").GetString()));

    private static bool IsOf(Pool pool, PciDevice device) =>
        DevicePools.Of([device]).Count()[0] == pool with { Free = 1, Total = 1 };

    // A pool whose last device was taken stays where it is: so one is added, and taken.
    private static DevicePools AddUsedUp(DevicePools pools, Pool pool, int number)
    {
        var device = new PciDevice(
            PciAddress.Parse($"ffff:ff:{number >> 3:x2}.{number & 7}"), pool.VendorId, pool.ProductId,
            pool.DeviceType, null, null, pool.NumaNode, null, null, pool.Tags);
        return pools.Add(device).Take(device);
    }

    private static IEnumerable<PciAddress> DevicesOfOne(JsonElement pool) =>
        Host.Find(pool, "devices") is { } devices
            ? devices.EnumerateArray().Select(device => PciAddress.Parse(device.GetString()))
            : [];

    private static string Text(Pool pool) =>
        $"{pool.Free} {pool.VendorId}:{pool.ProductId} {pool.DeviceType} node {pool.NumaNode} {pool.Tags}";

    private static NumaPolicy? Policy(JsonElement request) =>
        Host.Find(request, "numa_policy")?.GetString() is { } policy
            ? Enum.Parse<NumaPolicy>(policy, ignoreCase: true)
            : null;

    private static int? Number(JsonElement json) =>
        json.ValueKind == JsonValueKind.Null ? null : json.GetInt32();
}
