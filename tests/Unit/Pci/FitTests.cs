using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

public class FitTests
{
    private static readonly Guid First = new("11111111-0000-0000-0000-000000000000");
    private static readonly Guid Second = new("22222222-0000-0000-0000-000000000000");

    [Fact]
    public void What_is_short_is_said()
    {
        var shortfall = Fit.Check([Vfs("physnet1", 2)], [new(First, 3, [On("physnet1")])]);

        Assert.Equal("3 functions on physnet1 asked, 2 free", shortfall!.Reason);
        Assert.Equal([First], shortfall.RequestIds);
    }

    [Fact]
    public void Requests_do_not_count_the_same_function_twice()
    {
        PciRequest[] both =
            [new(First, 2, [On("physnet1")]), new(Second, 1, [On("physnet1"), On("physnet2")])];

        Assert.NotNull(Fit.Check([Vfs("physnet1", 2)], both));
        Assert.Null(Fit.Check([Vfs("physnet1", 2), Vfs("physnet2", 1)], both));
    }

    [Fact]
    public void A_request_that_came_first_makes_room_for_a_later_one() => Assert.Null(Fit.Check(
        [Vfs("physnet1", 2), Vfs("physnet2", 2)],
        [new(First, 2, [On("physnet1"), On("physnet2")]), new(Second, 2, [On("physnet1")])]));

    [Fact]
    public void One_request_may_span_pools() => Assert.Null(Fit.Check(
        [Vfs("physnet1", 1, numaNode: 0), Vfs("physnet1", 2, numaNode: 1)],
        [new(First, 3, [On("physnet1")])]));

    /// <summary>Against trying every way of giving each asked function to a pool.</summary>
    [Fact]
    public void It_fits_exactly_when_some_way_of_sharing_out_exists()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 5_000; round++)
        {
            Pool[] pools =
            [
                .. Enumerable.Range(0, random.Next(1, 5)).Select(net => Vfs($"physnet{net}", random.Next(4))),
            ];
            PciRequest[] requests =
            [
                .. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new PciRequest(
                    First, random.Next(1, 4),
                    [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => On($"physnet{random.Next(4)}"))])),
            ];

            var shortfall = Fit.Check(pools, requests);

            Assert.True(shortfall is null == SomeWay(pools, requests), $"seed {seed}, round {round}");
            Assert.True(shortfall is null || shortfall.Free < shortfall.Asked, $"seed {seed}, round {round}");
        }
    }

    /// <summary>A fit counts functions; which of them are taken is decided later.</summary>
    [Fact, Trait("feature", "U19")]
    public void From_which_pf_is_not_known_of_a_pool_that_was_taken_from()
    {
        var counts = new PfCounts([new(Cards.Pf(0).Address, 2)]);
        Pool[] pools =
        [
            Vfs("physnet1", 2) with { FreeByPf = counts }, Vfs("physnet2", 2) with { FreeByPf = counts },
        ];

        var left = Fit.Apply(pools, [new(First, 1, [On("physnet1")])]).Left;

        Assert.Equal([(1, null), (2, counts)], left.Select(pool => (pool.Free, pool.FreeByPf)));
    }

    private static bool SomeWay(Pool[] pools, PciRequest[] requests)
    {
        var units = requests.SelectMany(request => Enumerable.Repeat(request, request.Count)).ToList();
        var room = pools.Select(pool => pool.Free).ToArray();
        return From(0);

        bool From(int unit)
        {
            if (unit == units.Count)
                return true;
            for (var pool = 0; pool < pools.Length; pool++)
            {
                if (room[pool] == 0 || !units[unit].Meets(pools[pool]))
                    continue;
                room[pool]--;
                var found = From(unit + 1);
                room[pool]++;
                if (found)
                    return true;
            }

            return false;
        }
    }

    private static Pool Vfs(string network, int free, int? numaNode = null) => new(
        "15b3", "1018", DeviceType.Vf, numaNode,
        new DeviceTags([KeyValuePair.Create<string, string?>("physical_network", network)]), free, free + 1);

    private static Dictionary<string, string?> On(string network) => new() { ["physical_network"] = network };
}
