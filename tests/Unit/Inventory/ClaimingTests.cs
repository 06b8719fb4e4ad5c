using Platform.Inventory.Domain;
using Platform.Pci;

namespace Platform.Unit.Tests.Inventory;

public class ClaimingTests
{
    [Fact]
    public void A_claim_is_all_or_nothing_and_says_what_is_short()
    {
        var host = Hosts.Online(vfs: 3).Claimed(1, Hosts.Request(1));

        var (answer, events) = Claiming.Decide(host, Hosts.Order(2, Hosts.Request(3)), Hosts.Start);

        Assert.Equal(("insufficient", "3 functions on physnet1 asked, 2 free"), Refusal(answer));
        Assert.Empty(events);
    }

    [Fact]
    [Trait("invariant", "5")]
    public void A_claims_generation_is_its_events_version()
    {
        var host = Hosts.Online(vfs: 3);

        var (answer, events) = Claiming.Decide(host, Hosts.Order(1, Hosts.Request(2)), Hosts.Start);

        var held = Assert.IsType<Claiming.Held>(answer);
        Assert.Equal(host.Version + 1, held.Generation);
        Assert.Equal(held.Generation, host.After(events).Claims[Hosts.Claim(1)].Generation);
    }

    [Fact]
    [Trait("feature", "U18"), Trait("feature", "D10")]
    public void The_guests_cells_are_chosen_with_its_functions_and_stay_so()
    {
        var host = Hosts.Online(vfs: 2).After(new NumaCellsObserved(1, [new(0, 0), new(1, 1)]));
        var near = Hosts.Request(1) with { NumaPolicy = NumaPolicy.Required };
        var order = Hosts.Order(1, near) with { Demand = Demand.Of(near) with { GuestCells = 1 } };

        var (answer, events) = Claiming.Decide(host, order, Hosts.Start);
        var (again, _) = Claiming.Decide(host.After(events), order, Hosts.Start);

        var held = Assert.IsType<Claiming.Held>(answer);
        Assert.Equal([held.Devices[0].Device.NumaNode!.Value], held.GuestCells!);
        Assert.Equal(held.GuestCells, Assert.IsType<Claiming.Held>(again).GuestCells);
    }

    [Fact]
    [Trait("feature", "U29")]
    public void Groups_and_cells_that_make_no_sense_are_refused()
    {
        var host = Hosts.Online(vfs: 2);
        var demand = Demand.Of(Hosts.Request(1));
        var stranger = new FunctionGroup(Grouping.Spread, GroupedBy.Pf, [Hosts.Boot(9)]);

        Assert.Contains("which is not of this claim", Invalid(demand with { Groups = [stranger] }));
        Assert.Contains("17 groups", Invalid(demand with { Groups = [.. Enumerable.Repeat(stranger, 17)] }));
        Assert.Contains("0 NUMA cells", Invalid(demand with { GuestCells = 0 }));

        string Invalid(Demand asked)
        {
            var (code, reason) = Refusal(
                Claiming.Decide(host, Hosts.Order(1) with { Demand = asked }, Hosts.Start).Answer);
            Assert.Equal("invalid", code);
            return reason;
        }
    }

    [Fact]
    [Trait("feature", "U8")]
    public void Each_function_is_given_for_the_request_it_meets()
    {
        var host = HostInventory.Empty.After(
            new HostAdmitted("host-1", Hosts.Instance, 1),
            new DevicesObserved(1, 1, [Hosts.Vf(0), Hosts.Vf(1, "physnet2"), Hosts.Vf(2)], []),
            new HostAppeared(1));
        var second = new PciRequest(
            Hosts.Boot(7), 1, [new Dictionary<string, string?> { ["physical_network"] = "PHYSNET2" }]);

        var (answer, _) = Claiming.Decide(host, Hosts.Order(1, second, Hosts.Request(2)), Hosts.Start);

        var held = Assert.IsType<Claiming.Held>(answer);
        Assert.Equal(
            [(second.RequestId, Hosts.VfAddress(1)), (Hosts.Request(2).RequestId, Hosts.VfAddress(0)),
                (Hosts.Request(2).RequestId, Hosts.VfAddress(2))],
            held.Devices.Select(taken => (taken.RequestId, taken.Device.Address)));
    }

    [Fact]
    [Trait("invariant", "3")]
    public void A_command_after_its_deadline_is_refused_but_what_is_held_is_answered()
    {
        var late = Hosts.Start + HostInventory.Remembrance + TimeSpan.FromTicks(1);
        var order = Hosts.Order(1, Hosts.Request(1));

        var refused = Claiming.Decide(Hosts.Online(vfs: 1), order, late).Answer;
        var held = Claiming.Decide(Hosts.Online(vfs: 1).Claimed(1, Hosts.Request(1)), order, late).Answer;

        Assert.Equal("too-late", Refusal(refused).Code);
        Assert.IsType<Claiming.Held>(held);
    }

    [Fact]
    public void A_host_that_is_unknown_or_away_gives_nothing()
    {
        var away = Hosts.Online(vfs: 1).After(new HostFellSilent(1, "silent"));

        Assert.Equal("host-unknown", Refusal(Claiming.Decide(
            HostInventory.Empty, Hosts.Order(1, Hosts.Request(1)), Hosts.Start).Answer).Code);
        Assert.Equal("host-offline", Refusal(Claiming.Decide(
            away, Hosts.Order(1, Hosts.Request(1)), Hosts.Start).Answer).Code);
    }

    [Fact]
    [Trait("feature", "U3")]
    public void A_claim_of_another_boot_is_neither_answered_nor_released_nor_confirmed()
    {
        var host = Hosts.Online(vfs: 2).Claimed(1, Hosts.Request(1));
        var stolen = Hosts.Order(2, Hosts.Request(1)) with { ClaimId = Hosts.Claim(1) };

        Assert.Equal("invalid", Refusal(Claiming.Decide(host, stolen, Hosts.Start).Answer).Code);
        Assert.IsType<Releasing.Refused>(
            Releasing.Decide(host, Hosts.Claim(1), Hosts.Boot(2), "mine", Hosts.Start).Answer);
        Assert.NotNull(Confirming.Decide(host, Hosts.Claim(1), Hosts.Boot(2), Hosts.Start).Loss);
    }

    public static TheoryData<string, ClaimOrder> Impossible => new()
    {
        { "no claim id", Hosts.Order(1, Hosts.Request(1)) with { ClaimId = Guid.Empty } },
        { "no boot id", Hosts.Order(1, Hosts.Request(1)) with { BootId = Guid.Empty } },
        { "65 requests", Hosts.Order(1, [.. Enumerable.Range(0, 65).Select(_ => Hosts.Request(1))]) },
        { "two requests of one id", Hosts.Order(1, Hosts.Request(1), Hosts.Request(1)) },
        { "0 functions", Hosts.Order(1, Hosts.Request(0)) },
        { "-1 functions", Hosts.Order(1, Hosts.Request(-1)) },
        { "no alternative", Hosts.Order(1, Hosts.Request(1) with { Spec = [] }) },
        { "no lease", Hosts.Order(1, Hosts.Request(1)) with { Lease = TimeSpan.Zero } },
        { "good for ever", Hosts.Order(1, Hosts.Request(1)) with { NotAfter = DateTimeOffset.MaxValue } },
    };

    [Theory, MemberData(nameof(Impossible))]
    public void An_order_that_no_host_could_carry_out_is_refused_as_invalid(string why, ClaimOrder order)
    {
        var (answer, events) = Claiming.Decide(Hosts.Online(vfs: 3), order, Hosts.Start);

        Assert.True(Refusal(answer).Code == "invalid", why);
        Assert.Empty(events);
    }

    [Fact, Trait("feature", "C3")]
    public void A_claim_of_nothing_holds_its_place_and_no_function()
    {
        var (answer, events) = Claiming.Decide(Hosts.Online(vfs: 3), Hosts.Order(1), Hosts.Start);

        Assert.Empty(Assert.IsType<Claiming.Held>(answer).Devices);
        Assert.Single(events);
    }

    [Fact, Trait("feature", "C3"), Trait("invariant", "3")]
    public void A_claim_of_nothing_is_over_when_it_is_released()
    {
        var host = Hosts.Online(vfs: 1);
        foreach (var happened in Claiming.Decide(host, Hosts.Order(1), Hosts.Start).Events)
            host = host.Evolve(happened);

        var (answer, events) = Releasing.Decide(host, Hosts.Claim(1), Hosts.Boot(1), "stopped", Hosts.Start);

        Assert.IsType<Releasing.Done>(answer);
        Assert.Empty(events.Aggregate(host, (before, happened) => before.Evolve(happened)).Claims);
    }

    [Fact]
    public void Billions_of_functions_are_only_too_many()
    {
        var (answer, _) = Claiming.Decide(
            Hosts.Online(vfs: 3), Hosts.Order(1, Hosts.Request(int.MaxValue)), Hosts.Start);

        Assert.Equal("insufficient", Refusal(answer).Code);
    }

    private static (string Code, string Reason) Refusal(Claiming answer)
    {
        var refused = Assert.IsType<Claiming.Refused>(answer);
        return (refused.Code, refused.Reason);
    }
}
