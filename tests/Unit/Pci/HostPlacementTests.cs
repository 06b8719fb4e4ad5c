using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

public class HostPlacementTests
{
    private static readonly Guid First = new("11111111-0000-0000-0000-000000000000");
    private static readonly Guid Second = new("22222222-0000-0000-0000-000000000000");
    private static readonly NumaCell[] TwoCells = [new(0, 0), new(1, 1)];

    [Fact, Trait("feature", "U19"), Trait("feature", "D16")]
    public void A_bond_gets_its_vfs_from_different_pfs()
    {
        PciDevice[] devices = [Vf(0, 0), Vf(0, 1), Vf(1, 0)];

        var placed = Place(devices, new([Any(First), Any(Second)], [Group(Grouping.Spread, GroupedBy.Pf)]));

        Assert.Equal(2, placed.Allocation.Devices.Select(taken => taken.Device.Parent).Distinct().Count());
    }

    [Fact, Trait("feature", "U19")]
    public void What_cannot_be_spread_is_refused_saying_so()
    {
        PciDevice[] devices = [Vf(0, 0), Vf(0, 1)];

        var placed = Place(devices, new([Any(First), Any(Second)], [Group(Grouping.Spread, GroupedBy.Pf)]));

        var shortfall = Assert.IsType<Shortfall>(placed.Allocation.Shortfall);
        Assert.Equal(Lack.Grouping, shortfall.Lack);
        Assert.Equal("2 functions on different PFs asked, those free are on 1", shortfall.Reason);
        Assert.Empty(placed.Allocation.Devices);
    }

    [Fact, Trait("feature", "U19"), Trait("feature", "U20")]
    public void What_cannot_be_packed_is_refused_with_the_most_that_could()
    {
        PciDevice[] devices = [Vf(0, 0), Vf(0, 1), Vf(1, 0)];
        var three = Cards.Request(First, 3);

        var placed = Place(devices, new([three], [Group(Grouping.Pack, GroupedBy.Pf)]));

        Assert.Equal(
            "3 functions on one PF asked, at most 2 are free on one", placed.Allocation.Shortfall!.Reason);
    }

    [Fact, Trait("feature", "U19")]
    public void A_group_of_nothing_asks_for_nothing() => Assert.Null(Place(
        [], new([], [Group(Grouping.Pack, GroupedBy.Pf), Group(Grouping.Spread, GroupedBy.Card)]))
        .Allocation.Shortfall);

    [Fact, Trait("feature", "U19")]
    public void A_packed_boot_gets_the_fullest_pf_that_has_room()
    {
        PciDevice[] devices = [Vf(0, 0), Vf(1, 0), Vf(1, 1), Vf(1, 2), Vf(2, 0), Vf(2, 1)];

        var placed = Place(devices, new([Any(First), Any(Second)], [Group(Grouping.Pack, GroupedBy.Pf)]));

        Assert.Equal(
            [Vf(2, 0), Vf(2, 1)],
            placed.Allocation.Devices.Select(taken => taken.Device).OrderBy(device => device.Address));
    }

    [Fact, Trait("feature", "U19")]
    public void Cards_are_told_apart_by_their_slot()
    {
        // Two PFs of one card, and one of another.
        PciDevice[] devices = [At("0000:05:00.0"), At("0000:05:00.1"), At("0000:06:00.0")];

        var spread = Place(devices, new([Any(First), Any(Second)], [Group(Grouping.Spread, GroupedBy.Card)]));
        var packed = Place(devices, new([Any(First), Any(Second)], [Group(Grouping.Pack, GroupedBy.Card)]));

        Assert.Equal(
            ["0000:05:00", "0000:06:00"],
            spread.Allocation.Devices.Select(taken => $"{taken.Device.Address}"[..10]).Order());
        Assert.All(
            packed.Allocation.Devices, taken => Assert.StartsWith("0000:05:00", $"{taken.Device.Address}"));
    }

    [Fact, Trait("feature", "D9")]
    public void A_pin_names_a_function_or_the_pf_of_a_vf()
    {
        PciDevice[] devices = [Vf(0, 0), Vf(0, 1), Vf(1, 0), Vf(1, 1)];

        Assert.Equal(Vf(0, 1), Pinned(devices, Vf(0, 1).Address));
        Assert.Equal(Vf(1, 0), Pinned(devices, Pf(1).Address));
    }

    [Fact, Trait("feature", "D9")]
    public void What_nobody_pinned_leaves_the_pinned_function_alone()
    {
        PciDevice[] devices = [Vf(0, 0), Vf(0, 1)];

        var placed = Place(devices, Demand.Of(Any(First), Any(Second) with { Pin = Vf(0, 0).Address }));

        Assert.Equal(
            [(First, Vf(0, 1)), (Second, Vf(0, 0))],
            placed.Allocation.Devices.Select(taken => (taken.RequestId, taken.Device)).Order(
                Comparer<(Guid, PciDevice)>.Create((one, other) => one.Item1.CompareTo(other.Item1))));
    }

    [Fact, Trait("feature", "D9")]
    public void A_pin_to_what_is_taken_is_refused_by_its_address()
    {
        var placed = Place([Vf(0, 0)], Demand.Of(Any(First) with { Pin = Vf(0, 1).Address }));

        Assert.Equal(
            $"1 function of any kind at {Vf(0, 1).Address} asked, 0 free",
            placed.Allocation.Shortfall!.Reason);
    }

    [Theory, Trait("feature", "D10"), Trait("feature", "U18")]
    [InlineData(NumaPolicy.Required, 1, 1)]
    [InlineData(NumaPolicy.Preferred, 1, 1)]
    public void The_guest_runs_where_its_functions_are(NumaPolicy policy, int node, int cell)
    {
        var placed = HostPlacement.Place(
            [Vf(0, 0) with { NumaNode = node }], TwoCells,
            Demand.Of(Any(First) with { NumaPolicy = policy }) with { GuestCells = 1 });

        Assert.Null(placed.Allocation.Shortfall);
        Assert.Equal([cell], placed.GuestCells);
    }

    [Fact, Trait("feature", "U18")]
    public void Functions_on_two_nodes_are_refused_to_a_guest_that_requires_one()
    {
        PciDevice[] devices = [Vf(0, 0), Vf(1, 0) with { NumaNode = 1 }];
        var strict = Demand.Of(
            Any(First) with { NumaPolicy = NumaPolicy.Required },
            Any(Second) with { NumaPolicy = NumaPolicy.Required });

        var one = HostPlacement.Place(devices, TwoCells, strict with { GuestCells = 1 });
        var two = HostPlacement.Place(devices, TwoCells, strict with { GuestCells = 2 });
        var three = HostPlacement.Place(devices, TwoCells, strict with { GuestCells = 3 });

        Assert.Equal(Lack.Numa, one.Allocation.Shortfall!.Lack);
        Assert.Contains("for NUMA cell 0 by required policy", one.Allocation.Shortfall.Reason);
        Assert.Equal([0, 1], two.GuestCells);
        Assert.Contains("the host tells of 2", three.Allocation.Shortfall!.Reason);
    }

    [Fact, Trait("feature", "U21")]
    public void Eight_nics_on_eight_equal_pfs_are_not_searched_for()
    {
        var devices = Enumerable.Range(0, 8).SelectMany(pf =>
            Enumerable.Range(0, 8).Select(index => Vf(pf, index))).ToList();
        var requests = Enumerable.Range(0, 8).Select(_ => Any(Guid.NewGuid())).ToList();
        var apart = new FunctionGroup(
            Grouping.Spread, GroupedBy.Pf, [.. requests.Select(request => request.RequestId)]);

        var placed = Place(devices, new(requests, [apart]));
        var tooMany = Place(devices.Where(device => device.Parent != Pf(0).Address), new(requests, [apart]));

        Assert.Equal(8, placed.Allocation.Devices.Select(taken => taken.Device.Parent).Distinct().Count());
        Assert.NotNull(tooMany.Allocation.Shortfall);
    }

    [Theory, Trait("feature", "U21"), Trait("feature", "U19")]
    [InlineData(null)]
    [InlineData(4)]
    public void A_host_and_boot_made_to_be_hard_are_given_up(int? guestCells)
    {
        // No two PFs are alike, and what is to lie apart is to lie together as well.
        var devices = Enumerable.Range(0, 12).SelectMany(pf =>
            Enumerable.Range(0, 8).Select(index => Cards.Vf(pf, index, ("pf", $"{pf}")))).ToList();
        var requests = Enumerable.Range(0, 8)
            .Select(_ => Any(Guid.NewGuid()) with { NumaPolicy = NumaPolicy.Preferred }).ToList();
        Guid[] ids = [.. requests.Select(request => request.RequestId)];
        var demand = new Demand(
            requests,
            [new(Grouping.Spread, GroupedBy.Pf, ids), new(Grouping.Pack, GroupedBy.Pf, ids)], guestCells);
        NumaCell[] cells = [.. Enumerable.Range(0, 16).Select(id => new NumaCell(id, 0))];

        var shortfall = HostPlacement.Place(devices, cells, demand).Allocation.Shortfall!;

        Assert.Contains("no way was found in", shortfall.Reason);
        Assert.Equal(Lack.Grouping, shortfall.Lack);
    }

    /// <summary>Against trying every way to give devices to requests.</summary>
    [Fact, Trait("feature", "U19"), Trait("feature", "D9"), Trait("feature", "D10")]
    public void Functions_are_found_exactly_when_some_way_exists()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var found = 0;
        for (var round = 0; round < 600; round++)
        {
            var devices = RandomDemands.Devices(random);
            var demand = RandomDemands.Demand(random, devices);

            var placed = HostPlacement.Place(devices, TwoCells, demand);

            var where = $"seed {seed}, round {round}";
            Assert.True(
                placed.Allocation.Shortfall is null == RandomDemands.SomeWay(devices, TwoCells, demand),
                where);
            if (!demand.Requests.Any(request => devices.Exists(device =>
                device.Address == request.Pin && device.Parent is not null)))
                Assert.True(
                    PoolShape.Lack(Pools.From(devices), TwoCells, demand)?.Lack
                        == placed.Allocation.Shortfall?.Lack,
                    where);
            if (placed.Allocation.Shortfall is not null)
                continue;
            found++;
            Assert.True(
                RandomDemands.IsGood(placed.Allocation.Devices, TwoCells, placed.GuestCells, demand), where);
        }

        Assert.InRange(found, 60, 540);
    }

    private static PciDevice Pinned(PciDevice[] devices, PciAddress pin) =>
        Place(devices, Demand.Of(Any(First) with { Pin = pin })).Allocation.Devices.Single().Device;

    private static Placed Place(IEnumerable<PciDevice> devices, Demand demand) =>
        HostPlacement.Place(devices, [], demand);

    private static PciRequest Any(Guid id) => Cards.Request(id, 1);

    private static FunctionGroup Group(Grouping grouping, GroupedBy by) => new(grouping, by, [First, Second]);

    private static PciDevice Pf(int pf) => Cards.Pf(pf);

    private static PciDevice Vf(int pf, int index) => Cards.Vf(pf, index);

    private static PciDevice At(string address) =>
        Cards.Pf(0) with { Address = PciAddress.Parse(address), Type = DeviceType.Pci };
}
