using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

public class DevicePoolsTests
{
    private static readonly Guid First = new("11111111-0000-0000-0000-000000000000");
    private static readonly string[] Places = ["far", "near", "socket", "unknown"];
    private static readonly int?[] Cells = [2, 0, 1, null];
    private static readonly Guid Second = new("22222222-0000-0000-0000-000000000000");

    [Fact, Trait("feature", "B25")]
    public void Pools_with_fewer_tags_come_first_and_equals_in_the_order_they_came()
    {
        var pools = DevicePools.Empty
            .Add(Cards.Vf(0, 0, ("trusted", "true"), ("physical_network", "physnet1")))
            .Add(Cards.Vf(0, 1, ("physical_network", "physnet2")))
            .Add(Cards.Vf(0, 2, ("physical_network", "physnet1")))
            .Add(Cards.Vf(0, 3));

        Assert.Equal(
            ["", "physnet2", "physnet1", "physnet1"],
            pools.Count().Select(pool => pool.Tags.GetValueOrDefault("physical_network", "")));
    }

    [Fact]
    public void Of_a_pool_what_came_last_is_taken_first() => Assert.Equal(
        [Cards.Vf(0, 1).Address],
        Taken(DevicePools.Empty.Add(Cards.Vf(0, 0)).Add(Cards.Vf(0, 1)), Cards.Request(First, 1)));

    [Fact]
    public void Network_functions_are_not_remote_managed_unless_they_say_so_and_then_only_on_demand()
    {
        var pools = DevicePools.Of([Cards.Vf(0, 0), Cards.Vf(0, 1, ("remote_managed", "TRUE"))]);

        Assert.Equal(
            [Cards.Vf(0, 0).Address], Taken(pools, Cards.Request(First, 1, ("remote_managed", "False"))));
        Assert.Empty(Taken(pools, Cards.Request(First, 2)));
        Assert.Equal(
            [Cards.Vf(0, 1).Address], Taken(pools, Cards.Request(First, 1, ("remote_managed", "true"))));
    }

    [Fact, Trait("feature", "U24")]
    public void A_taken_vf_takes_its_pf_out_and_a_taken_pf_its_vfs()
    {
        var pools = DevicePools.Of([Cards.Pf(0), Cards.Vf(0, 0), Cards.Vf(0, 1), Cards.Vf(1, 0)]);

        Assert.Equal([Cards.Vf(1, 0), Cards.Vf(0, 1)], pools.Take(Cards.Vf(0, 0)).Devices);
        Assert.Equal([Cards.Vf(1, 0)], pools.Take(Cards.Pf(0)).Devices);
    }

    [Fact, Trait("feature", "D13")]
    public void What_is_refused_leaves_the_pools_as_they_were()
    {
        var pools = DevicePools.Of([Cards.Pf(0), Cards.Vf(0, 0)]);

        var (left, allocation) = pools.Consume(
            [Cards.Request(First, 1, ("dev_type", "type-VF")), Cards.Request(Second, 5)]);

        Assert.NotNull(allocation.Shortfall);
        Assert.Same(pools, left);
    }

    [Fact, Trait("feature", "D13")]
    public void A_request_that_came_first_makes_room_for_a_later_one()
    {
        var pools = DevicePools.Of(
            [Cards.Vf(0, 0, ("physical_network", "a")), Cards.Vf(0, 1, ("physical_network", "b"))]);

        Assert.Equal(
            [Cards.Vf(0, 1).Address, Cards.Vf(0, 0).Address],
            Taken(pools, Cards.Request(First, 1), Cards.Request(Second, 1, ("physical_network", "a"))));
    }

    [Fact, Trait("feature", "B29")]
    public void A_device_that_changed_moves_to_its_new_pool_and_one_that_is_not_there_does_not_come_back()
    {
        var pools = DevicePools.Of([Cards.Vf(0, 0), Cards.Vf(0, 1)]);
        var changed = Cards.Vf(0, 0) with { Type = DeviceType.Pci };

        Assert.Equal([1, 1], pools.Update(changed).Count().Select(pool => pool.Free));
        Assert.Same(pools, pools.Update(Cards.Vf(0, 2)));
        Assert.Null(pools.Remove(Cards.Vf(0, 2).Address));
    }

    [Theory, Trait("feature", "D10")]
    [InlineData(null, "near, unknown")]
    [InlineData(NumaPolicy.Legacy, "near, unknown")]
    [InlineData(NumaPolicy.Required, null)]
    [InlineData(NumaPolicy.Socket, "near, socket")]
    [InlineData(NumaPolicy.Preferred, "near, unknown")]
    public void Further_away_is_looked_only_when_nearer_is_not_enough_and_as_the_policy_allows(
        NumaPolicy? policy, string? eligible) => Assert.Equal(eligible, Eligible(policy, count: 2));

    [Theory, Trait("feature", "D10")]
    [InlineData(NumaPolicy.Legacy, null)]
    [InlineData(NumaPolicy.Socket, null)]
    [InlineData(NumaPolicy.Preferred, "near, unknown, far, socket")]
    public void Preferred_goes_anywhere_with_the_known_near_and_the_unknown_first(
        NumaPolicy policy, string? eligible) => Assert.Equal(eligible, Eligible(policy, count: 4));

    [Fact, Trait("feature", "D10")]
    public void Near_is_enough_for_every_policy() => Assert.All(
        Enum.GetValues<NumaPolicy>(), policy => Assert.Equal("near", Eligible(policy, count: 1)));

    [Fact, Trait("feature", "D10")]
    public void One_cell_without_a_socket_and_no_socket_is_known()
    {
        var numa = NumaAffinity.Of([new(0, 0), new(1, 0), new(2, null)], [0])!;

        Assert.False(numa.Allows(NumaPolicy.Socket, 1));
        Assert.True(numa.Allows(NumaPolicy.Socket, 0));
        Assert.Null(NumaAffinity.Of([new(0, 0)], []));
    }

    [Fact, Trait("feature", "D10"), Trait("feature", "U20")]
    public void A_refusal_for_numa_says_the_cells_and_the_policy()
    {
        var shortfall = Fit.Check(
            Nodes(), [Cards.Request(First, 2, policy: NumaPolicy.Required)], Guest());

        Assert.Equal(
            "2 functions of any kind for NUMA cell 0 by required policy asked, 1 free", shortfall!.Reason);
    }

    [Fact]
    public void A_pf_that_nobody_asks_for_does_not_hide_the_functions_farther_away()
    {
        var pools = DevicePools.Of([Cards.Pf(0), Cards.Vf(1, 0) with { NumaNode = null }]);

        Assert.Equal([1], Fit.Eligible(pools.Count(), Cards.Request(First, 1), Guest()));
    }

    // A VF on the other socket, one on the guest's cell, one on its socket, and one nobody knows where.
    private static IReadOnlyList<Pool> Nodes() => DevicePools.Of(
        Cells.Select((cell, index) => Cards.Vf(0, index) with { NumaNode = cell })).Count();

    private static NumaAffinity? Guest() => NumaAffinity.Of([new(0, 0), new(1, 0), new(2, 1)], [0]);

    private static string? Eligible(NumaPolicy? policy, int count) =>
        Fit.Eligible(Nodes(), Cards.Request(First, count, policy), Guest()) is { } eligible
            ? string.Join(", ", eligible.Select(pool => Places[pool]))
            : null;

    private static IEnumerable<PciAddress> Taken(DevicePools pools, params PciRequest[] requests) =>
        pools.Consume(requests).Allocation.Devices.Select(taken => taken.Device.Address);
}
