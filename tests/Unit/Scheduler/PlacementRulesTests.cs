using Platform.Contracts.Scheduler;
using Platform.Scheduler.Boots;

namespace Platform.Unit.Tests.Scheduler;

public class PlacementRulesTests
{
    private static readonly BootNic[] Nics = [new("port-1"), new("port-2")];

    [Fact, Trait("feature", "U19")]
    public void Ports_and_aliases_may_be_grouped_and_hosts_ordered() => Assert.Null(Problem(new(
        "host-1", "pack",
        [
            new("spread", "pf", ["port-1", "port-2"]), new("pack", "card", ["gpu"]), new("spread", "card"),
        ])));

    [Theory, Trait("feature", "U19"), Trait("feature", "U29")]
    [InlineData("isolate", "pf", "port-1", "policy 'isolate' is refused: write spread or pack")]
    [InlineData("spread", "host", "port-1", "by 'host' is refused: write pf or card")]
    [InlineData("spread", "pf", "port-3", "'port-3', which is no port and no alias of the boot")]
    public void A_group_that_makes_no_sense_is_refused(
        string policy, string by, string member, string reason) =>
        Assert.Contains(reason, Problem(new(Groups: [new(policy, by, [member])])));

    [Fact, Trait("feature", "U29")]
    public void Other_nonsense_is_refused_too()
    {
        Assert.Contains("'any' is refused: write spread or pack", Problem(new(Hosts: "any")));
        Assert.Contains("0 characters", Problem(new(HostId: "")));
        Assert.Contains("no members", Problem(new(Groups: [new("spread", "pf", [])])));
        Assert.Contains(
            "17 groups", Problem(new(Groups: [.. Enumerable.Repeat(new BootGroup("pack", "pf"), 17)])));
        Assert.Contains("policy ''", Problem(new(Groups: [null!])));
    }

    [Fact, Trait("feature", "D9")]
    public void A_pin_is_an_address_on_a_named_host()
    {
        BootNic[] pinned = [new("port-1", "0000:3b:02.4")];

        Assert.Null(PlacementRules.ProblemOf(new("host-1"), pinned, []));
        Assert.Contains("give placement.hostId", PlacementRules.ProblemOf(null, pinned, []));
        Assert.Contains(
            "is not a PCI address",
            PlacementRules.ProblemOf(new("host-1"), [new BootNic("port-1", "3b:02.4")], []));
    }

    private static string? Problem(BootPlacement placement) =>
        PlacementRules.ProblemOf(placement, Nics, ["gpu"]);
}
