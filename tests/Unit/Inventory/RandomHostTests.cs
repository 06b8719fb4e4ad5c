using Platform.Inventory.Domain;
using Platform.Pci;
using Platform.Unit.Tests.Pci;

namespace Platform.Unit.Tests.Inventory;

/// <summary>Random hosts, and random claims of all that can be asked, given back in any order.</summary>
public class RandomHostTests
{
    private static readonly NumaCell[] Cells = [new(0, 0), new(1, 1)];

    [Fact]
    [Trait("feature", "U1"), Trait("feature", "U24"), Trait("feature", "U19"), Trait("feature", "B27")]
    [Trait("invariant", "1")]
    public void Claims_never_share_a_card_that_they_must_not_and_given_back_the_host_is_as_before()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var granted = 0;
        for (var round = 0; round < 150; round++)
        {
            var fresh = HostInventory.Empty.After(
                new HostAdmitted("host-1", Hosts.Instance, 1),
                new NumaCellsObserved(1, Cells),
                new DevicesObserved(1, 1, RandomDemands.Devices(random), []),
                new HostAppeared(1));
            var host = fresh;
            for (var step = 0; step < 25; step++)
            {
                host = random.Next(2) == 0 ? Claim(host, step, random) : GiveBack(host, random);
                granted += host.Claims.Count;
                AssertLaws(host, $"seed {seed}, round {round}, step {step}");
            }

            while (host.Claims.Count > 0)
                host = GiveBack(host, random);
            Assert.Equal(fresh.Functions, host.Functions);
            Assert.Equal(new Offer(fresh).Pools(), new Offer(host).Pools());
        }

        Assert.True(granted > 0);
    }

    private static HostInventory Claim(HostInventory host, int number, Random random)
    {
        var offer = new Offer(host);
        var demand = RandomDemands.Demand(random, [.. host.Functions.Values.Select(known => known.Device)]);
        var order = Hosts.Order(number) with { Demand = demand };

        var (answer, events) = Claiming.Decide(host, order, Hosts.Start);

        // What the pools promise the host keeps, but for a VF that only the host knows to be taken.
        if (demand.Requests.All(request => request.Pin is null))
            Assert.Equal(
                PoolShape.Lack(offer.Pools(), Cells, demand) is null, answer is Claiming.Held);
        return host.After(events);
    }

    private static HostInventory GiveBack(HostInventory host, Random random)
    {
        if (host.Claims.Count == 0)
            return host;
        var claimId = host.Claims.Keys.ElementAt(random.Next(host.Claims.Count));
        var claim = host.Claims[claimId];
        host = host.After(Releasing.Decide(host, claimId, claim.BootId, "over", Hosts.Start).Events);
        return host.After(Cleaning.Succeed(
            host, claimId, claim.Generation, host.BeingCleaned(claimId), Hosts.Start).Events);
    }

    private static void AssertLaws(HostInventory host, string where)
    {
        var owned = host.Claims.Values.SelectMany(claim => claim.Picks).Select(pick => pick.Address).ToList();
        Assert.True(owned.Count == owned.Distinct().Count(), where);
        var held = host.Functions.Values.Where(function => function.Use == Use.Held).ToList();
        Assert.True(
            owned.Order().SequenceEqual(held.Select(function => function.Device.Address).Order()), where);
        Assert.True(
            held.All(function => function.Device.Parent is not { } pf || !owned.Contains(pf)), where);
        var offer = new Offer(host);
        Assert.True(offer.Pools().Sum(pool => pool.Free) == offer.Devices().Count(), where);
        Assert.True(offer.Pools().Sum(pool => pool.Total) == host.Functions.Count, where);
    }
}
