using Platform.Contracts.Inventory;
using Platform.Pci;
using Platform.Scheduler.Domain;
using Platform.Scheduler.Placement;

namespace Platform.Unit.Tests.Scheduler;

public class ChoiceTests
{
    private static readonly Guid Request = new("11111111-0000-0000-0000-000000000000");

    [Fact, Trait("feature", "U20")]
    public void The_host_with_the_most_matching_functions_left_is_chosen()
    {
        var choice = Choose(Vf("physnet1"), Host("a", 1, ("physnet1", 2)), Host("b", 7, ("physnet1", 3)));

        Assert.Equal(new Choice.Chosen("b", 7), choice);
    }

    [Fact]
    public void Functions_of_another_network_do_not_count()
    {
        var choice = Choose(Vf("physnet1"), Host("a", 1, ("physnet1", 1)), Host("b", 1, ("physnet2", 9)));

        Assert.Equal(new Choice.Chosen("a", 1), choice);
    }

    [Fact]
    public void Equal_hosts_are_taken_in_the_order_of_their_ids()
    {
        var choice = Choose(Vf("physnet1"), Host("b", 1, ("physnet1", 1)), Host("a", 1, ("physnet1", 1)));

        Assert.Equal(new Choice.Chosen("a", 1), choice);
    }

    [Fact]
    public void What_is_assumed_ranks_a_host_and_never_refuses_it()
    {
        var hosts = Index(Host("a", 1, ("physnet1", 2)), Host("b", 1, ("physnet1", 1)));

        var chosen = Enumerable.Range(0, 4)
            .Select(_ => ((Choice.Chosen)hosts.Choose(Wishes.For(Vf("physnet1")), Untried)).HostId);

        Assert.Equal(["a", "a", "b", "a"], chosen);
    }

    [Fact]
    public void A_boot_goes_by_what_is_scarcest_of_all_that_it_asks_for()
    {
        var choice = Choose(
            Wishes.For(Vf("physnet1"), Vf("physnet2")),
            Host("a", 1, ("physnet1", 9), ("physnet2", 1)),
            Host("b", 1, ("physnet1", 1), ("physnet2", 2)));

        Assert.Equal(new Choice.Chosen("b", 1), choice);
    }

    [Fact]
    public void A_boot_without_functions_goes_where_the_fewest_are_left()
    {
        var choice = Choose(Wishes.For(), Host("a", 1, ("physnet1", 5)), Host("b", 1));

        Assert.Equal(new Choice.Chosen("b", 1), choice);
    }

    [Fact, Trait("feature", "U20")]
    public void A_refusal_counts_every_host_and_names_the_nearest_first()
    {
        var tried = new Dictionary<string, Refusal> { ["d"] = new("d", "plug", "The plug failed.", 0) };

        var hosts = Index(
            Host("a", 1),
            Host("b", 1, ("physnet1", 1)),
            Host("c", 1, ("physnet1", 9)) with { Online = false },
            Host("d", 1, ("physnet1", 9)));

        var choice = hosts.Choose(Wishes.For(Vf("physnet1"), Vf("physnet1")), tried);

        var none = Assert.IsType<Choice.NoHost>(choice);
        Assert.Equal(["d", "b", "a", "c"], none.Nearest.Select(refusal => refusal.HostId));
        Assert.Equal(
            new Dictionary<string, int> { ["plug"] = 1, ["insufficient"] = 2, ["host-offline"] = 1 },
            none.Counts);
        Assert.Contains("b came nearest", none.NearestMiss);
    }

    [Fact, Trait("feature", "U20")]
    public void A_refusal_names_at_most_twenty_hosts_and_counts_them_all()
    {
        var hosts = Enumerable.Range(0, 50).Select(i => Host($"host-{i:00}", 1)).ToArray();

        var none = Assert.IsType<Choice.NoHost>(Choose(Vf("physnet1"), hosts));

        Assert.Equal(20, none.Nearest.Count);
        Assert.Equal(50, none.Counts["insufficient"]);
    }

    private static readonly Dictionary<string, Refusal> Untried = [];

    private static Choice Choose(PciRequest request, params PoolsChanged[] hosts) =>
        Choose(Wishes.For(request), hosts);

    private static Choice Choose(Wish wish, params PoolsChanged[] hosts) =>
        Index(hosts).Choose(wish, Untried);

    private static HostIndex Index(params PoolsChanged[] hosts)
    {
        var index = new HostIndex();
        Array.ForEach(hosts, index.Apply);
        return index;
    }

    private static PciRequest Vf(string network) => Wishes.Port("direct", network, Request);

    private static PoolsChanged Host(
        string hostId, long version, params (string Network, int Free)[] pools) =>
        new(hostId, version, Online: true, [.. pools.Select(pool => Pool(pool.Network, pool.Free))]);

    private static DevicePool Pool(string network, int free) => new(
        "8086", "154c", DeviceType.Vf, 0,
        new Dictionary<string, string?> { ["physical_network"] = network }, free, Total: 10);
}
