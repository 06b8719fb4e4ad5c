using System.Text.Json;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.Conformance.Tests.Kinds;

/// <summary>Pools: of a host, with their devices, and of a scheduler, without.</summary>
public sealed class StatsKind : IKind
{
    public string Name => "stats";

    public IEnumerable<Answer> Replay(JsonElement line)
    {
        StatsSide? side = null;
        try
        {
            side = line.GetProperty("mode").GetString() == "compute"
                ? new ComputeSide(line)
                : new SchedulerSide(line);
        }
        catch (SpecRefusedException)
        {
            // Then every op is refused.
        }

        var before = line.TryGetProperty("start_pools", out var start) ? start : JsonElement.Parse("[]");
        foreach (var (number, op) in line.GetProperty("ops").EnumerateArray().Index())
        {
            var after = op.GetProperty("pools");
            var input = PoolTexts.With(
                op, ("before", before), ("line", line), ("parents", PoolTexts.Parents(line)),
                ("mixed", JsonSerializer.SerializeToElement(
                    side is not null && (side.IsMixed(before) || side.IsMixed(after)))));
            var ours = side?.Do(op) ?? Outcome.Refused("PciConfigInvalidSpec");
            yield return new(Name, $"{line.GetProperty("id")} op {number}", input, Nova(op), ours);
            if (side is not null && side.State() != PoolTexts.Text(after))
                side.Restore(after);
            before = after;
        }
    }

    private static Outcome Nova(JsonElement op)
    {
        var state = PoolTexts.Text(op.GetProperty("pools"));
        if (op.TryGetProperty("error", out var error))
            return Outcome.OfNova(error) with { Text = state };
        var result = op.GetProperty("result");
        if (op.GetProperty("op").GetString() == "filter" && result.ValueKind == JsonValueKind.Null)
            return new(state, PoolTexts.Unmet);
        return Outcome.Given($"{(result.ValueKind == JsonValueKind.Array
            ? string.Join(' ', result.EnumerateArray())
            : result.ToString())} {state}");
    }
}

/// <summary>Pools, and what is done with them.</summary>
internal abstract class StatsSide(JsonElement host)
{
    /// <summary>Does an op, and says its result and the pools after.</summary>
    public Outcome Do(JsonElement op)
    {
        var (text, refusal) = Result(op);
        return new(refusal is null ? $"{text} {State()}" : State(), refusal);
    }

    public abstract string State();

    public abstract void Restore(JsonElement pools);

    /// <summary>Nova has put devices into a pool that is not that of their tags.</summary>
    public abstract bool IsMixed(JsonElement pools);

    protected abstract Outcome Result(JsonElement op);

    protected NumaAffinity? Numa(JsonElement op) => PoolTexts.Numa(host, op);

    protected static Outcome Unmet() => Outcome.Refused(PoolTexts.Unmet);

    protected Outcome Filter(IReadOnlyList<Pool> pools, JsonElement op) =>
        Fit.Eligible(pools, PoolTexts.Requests(op)[0], Numa(op)) is { } eligible
            ? Outcome.Given(string.Join(' ', eligible))
            : Unmet();
}

internal sealed class SchedulerSide(JsonElement line) : StatsSide(line.GetProperty("host"))
{
    private IReadOnlyList<Pool> pools = Read(line.GetProperty("start_pools"));

    public override string State() => PoolTexts.Text(pools);

    public override void Restore(JsonElement pools) => this.pools = Read(pools);

    public override bool IsMixed(JsonElement pools) => false;

    protected override Outcome Result(JsonElement op)
    {
        switch (op.GetProperty("op").GetString())
        {
            case "filter":
                return Filter(pools, op);
            case "support":
                return Outcome.Given($"{Fit.Check(pools, PoolTexts.Requests(op), Numa(op)) is null}");
            case "apply":
                (pools, var shortfall) = Fit.Apply(pools, PoolTexts.Requests(op), Numa(op));
                return shortfall is null ? Outcome.Given("") : Unmet();
            case var other:
                throw new NotSupportedException($"A scheduler's pools have no '{other}'.");
        }
    }

    private static List<Pool> Read(JsonElement pools) => [.. pools.EnumerateArray().Select(PoolTexts.Pool)];
}

internal sealed class ComputeSide : StatsSide
{
    private readonly Dictionary<PciAddress, PciDevice> devices;
    private DevicePools pools = DevicePools.Empty;

    public ComputeSide(JsonElement line)
        : base(line.GetProperty("host"))
    {
        var offered = new OfferedDevices(line);
        devices = line.GetProperty("devices").EnumerateArray().Select(offered.Read).OfType<PciDevice>()
            .ToDictionary(device => device.Address);
    }

    public override string State() => PoolTexts.Text(pools);

    public override void Restore(JsonElement pools) => this.pools = PoolTexts.Restore(pools, devices);

    public override bool IsMixed(JsonElement pools) => PoolTexts.AreMixed(pools, devices);

    protected override Outcome Result(JsonElement op)
    {
        switch (op.GetProperty("op").GetString())
        {
            case "add_many":
                pools = op.GetProperty("devices").EnumerateArray().Select(Named).OfType<PciDevice>()
                    .Aggregate(pools, (some, device) => some.Add(device));
                return Outcome.Given("");
            case "add":
                pools = Named(op.GetProperty("device")) is { } added ? pools.Add(added) : pools;
                return Outcome.Given("");
            case "remove":
                return Named(op.GetProperty("device")) is not { } removed
                    || Became(pools.Remove(removed.Address))
                    ? Outcome.Given("")
                    : Outcome.Refused("PciDevicePoolEmpty");
            case "update":
                var updated = Named(op.GetProperty("device"))! with
                {
                    Type = op.GetProperty("dev_type").GetString()!,
                };
                devices[updated.Address] = updated;
                pools = pools.Update(updated);
                return Outcome.Given("");
            case "filter":
                return Filter(pools.Count(), op);
            case "support":
                return Outcome.Given($"{Consume(op).Allocation.Shortfall is null}");
            case "consume":
                (pools, var taken) = Consume(op);
                return taken.Shortfall is null
                    ? Outcome.Given(PoolTexts.Text(taken.Devices.Select(device => device.Device.Address)))
                    : Unmet();
            case "free_devs":
                return Outcome.Given(PoolTexts.Text(pools.Devices.Select(device => device.Address)));
            case var other:
                throw new NotSupportedException($"A host's pools have no '{other}'.");
        }
    }

    private (DevicePools Left, Allocation Allocation) Consume(JsonElement op) =>
        pools.Consume(PoolTexts.Requests(op), Numa(op));

    // Null for one that the device spec does not offer.
    private PciDevice? Named(JsonElement address) =>
        devices.GetValueOrDefault(PciAddress.Parse(address.GetString()));

    private bool Became(DevicePools? next)
    {
        pools = next ?? pools;
        return next is not null;
    }
}
