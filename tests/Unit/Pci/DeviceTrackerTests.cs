using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

public class DeviceTrackerTests
{
    private static readonly Guid[] Instances =
    [
        new("10000000-0000-0000-0000-000000000000"),
        new("20000000-0000-0000-0000-000000000000"),
        new("30000000-0000-0000-0000-000000000000"),
    ];

    [Fact, Trait("feature", "B26"), Trait("feature", "B27")]
    public void The_pf_comes_back_after_the_last_of_its_vfs()
    {
        var tracker = DeviceTracker.Empty.Sync([Cards.Pf(0), Cards.Vf(0, 0), Cards.Vf(0, 1)]);
        var one = Claimed(tracker, Instances[0], "type-VF").Allocate(Instances[0]);
        var both = Claimed(one, Instances[1], "type-VF");

        var left = both.Free(Instances[0]);

        Assert.Equal(DeviceStatus.Unavailable, both.StatusOf(Cards.Pf(0).Address));
        Assert.Equal(DeviceStatus.Unclaimable, left.StatusOf(Cards.Pf(0).Address));
        Assert.False(left.Pools.Contains(Cards.Pf(0).Address));
        Assert.True(left.Free(Instances[1]).Pools.Contains(Cards.Pf(0).Address));
    }

    [Fact, Trait("feature", "B28")]
    public void What_becomes_of_a_device_in_use_takes_effect_when_it_is_free()
    {
        var changed = Cards.Vf(0, 0, ("physical_network", "physnet2"));
        var claimed = Claimed(DeviceTracker.Empty.Sync([Cards.Vf(0, 0)]), Instances[0], "type-VF");

        var synced = claimed.Sync([changed]);

        Assert.Equal(Cards.Vf(0, 0), synced.Devices[changed.Address].Device);
        Assert.Equal([changed], synced.Free(Instances[0]).Pools.Devices);
    }

    [Fact]
    public void A_device_in_use_that_is_gone_stays_until_it_is_free_and_missed_again()
    {
        var claimed = Claimed(DeviceTracker.Empty.Sync([Cards.Vf(0, 0)]), Instances[0], "type-VF").Sync([]);

        Assert.Equal(DeviceStatus.Claimed, claimed.StatusOf(Cards.Vf(0, 0).Address));
        Assert.Empty(claimed.Free(Instances[0]).Sync([]).Devices);
    }

    [Fact, Trait("feature", "B27")]
    public void A_pf_that_comes_back_while_its_vf_is_in_use_is_not_offered()
    {
        var claimed = Claimed(
            DeviceTracker.Empty.Sync([Cards.Pf(0), Cards.Vf(0, 0)]), Instances[0], "type-VF");

        var back = claimed.Sync([Cards.Vf(0, 0)]).Sync([Cards.Pf(0), Cards.Vf(0, 0)]);

        Assert.Equal(DeviceStatus.Unclaimable, back.StatusOf(Cards.Pf(0).Address));
        Assert.Empty(back.Pools.Devices);
    }

    /// <summary>Whatever happens, in whatever order.</summary>
    [Fact, Trait("feature", "U24"), Trait("invariant", "1")]
    public void Every_device_has_one_owner_at_most_and_the_pools_hold_what_is_available()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var tracker = DeviceTracker.Empty;
            for (var step = 0; step < 40; step++)
            {
                var before = tracker;
                tracker = Step(tracker, random);
                AssertSound(before, tracker, $"seed {seed}, round {round}, step {step}");
            }
        }
    }

    [Fact, Trait("invariant", "1")]
    public void Claimed_and_freed_everything_is_as_it_was()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 1_000; round++)
        {
            var before = DeviceTracker.Empty.Sync(Present(random));
            for (var step = 0; step < 3; step++)
                before = Claim(before, Instances[1 + random.Next(2)], random).After;

            var after = Claim(before, Instances[0], random).After;
            var freed = (random.Next(2) == 0 ? after : after.Allocate(Instances[0])).Free(Instances[0]);

            Assert.Equal(Written(before), Written(freed));
        }
    }

    private static DeviceTracker Step(DeviceTracker tracker, Random random)
    {
        var instance = Instances[random.Next(Instances.Length)];
        return random.Next(5) switch
        {
            0 => tracker.Sync(Present(random)),
            1 => tracker.Allocate(instance),
            2 => tracker.Free(instance),
            _ => Claim(tracker, instance, random).After,
        };
    }

    // Devices come and go, and become something else.
    private static List<PciDevice> Present(Random random) =>
    [
        .. Enumerable.Range(0, 2)
            .SelectMany(pf => Enumerable.Range(0, 3).Select(vf => Cards.Vf(pf, vf)).Prepend(Cards.Pf(pf)))
            .Where(_ => random.Next(6) > 0)
            .Select(device => random.Next(6) > 0 ? device : device with { NumaNode = random.Next(2) }),
    ];

    private static (DeviceTracker After, Allocation Allocation) Claim(
        DeviceTracker tracker, Guid instance, Random random)
    {
        var requests = Enumerable.Range(0, random.Next(1, 4)).Select(number => new PciRequest(
            Guid.Empty, random.Next(3),
            [
                new Dictionary<string, string?>(),
                .. random.Next(2) == 0 ? [Type("type-PF")] : Array.Empty<Dictionary<string, string?>>(),
            ],
            (NumaPolicy)random.Next(4)));
        var numa = NumaAffinity.Of([new(0, 0), new(1, 0)], [random.Next(2)]);
        return tracker.Claim(instance, [.. requests], numa);
    }

    private static void AssertSound(DeviceTracker before, DeviceTracker after, string where)
    {
        var available = after.Devices.Where(entry => after.StatusOf(entry.Key) == DeviceStatus.Available);
        var used = after.Devices.Values.Where(tracked => tracked.Instance is not null).ToList();
        Assert.True(
            available.Select(entry => entry.Value.Device)
                .SequenceEqual(after.Pools.Devices.OrderBy(device => device.Address)),
            where);
        Assert.True(
            after.Pools.Count().Sum(pool => pool.Free) == after.Pools.Devices.Count()
                && after.Pools.Count().All(pool => pool.Free >= 0)
                && after.Pools.Count().Select(pool => pool with { Free = 0, Total = 0 }).Distinct().Count()
                    == after.Pools.Count().Count,
            where);
        Assert.True(
            used.All(tracked => tracked.Device.Parent is not { } pf
                || after.Devices.GetValueOrDefault(pf)?.Instance is null),
            where);
        Assert.True(
            used.All(tracked =>
                before.Devices.GetValueOrDefault(tracked.Device.Address)?.Instance is not { } had
                    || had == tracked.Instance),
            where);
    }

    private static string Written(DeviceTracker tracker) => string.Join('\n', [
        .. tracker.Devices.Select(entry => $"{entry.Value} {tracker.StatusOf(entry.Key)}"),
        .. tracker.Pools.Devices.Select(device => $"{device.Address}").Order(StringComparer.Ordinal),
        .. tracker.Pools.Count().Where(pool => pool.Free > 0).Select(pool => $"{pool}")
            .Order(StringComparer.Ordinal),
    ]);

    private static DeviceTracker Claimed(DeviceTracker tracker, Guid instance, string type)
    {
        var (after, allocation) = tracker.Claim(instance, [new(Guid.Empty, 1, [Type(type)])]);
        Assert.Null(allocation.Shortfall);
        return after;
    }

    private static Dictionary<string, string?> Type(string type) => new() { ["dev_type"] = type };
}
