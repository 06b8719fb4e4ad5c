using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.Pci;
using Platform.Scheduler.Boots;

namespace Platform.Unit.Tests.Scheduler;

public class BootDemandTests
{
    [Theory, Trait("feature", "C2"), Trait("feature", "C3"), Trait("feature", "C32")]
    [InlineData("direct", "type-VF")]
    [InlineData("macvtap", "type-VF")]
    [InlineData("direct-physical", "type-PF")]
    public void A_port_asks_for_the_kind_of_function_it_is_bound_to(string vnicType, string deviceType)
    {
        var request = Assert.Single(BootDemand.Of(BootOf(Port(vnicType))).Requests);

        Assert.Equal(deviceType, Assert.Single(request.Spec)["dev_type"]);
        Assert.Equal("physnet1", request.Spec[0]["physical_network"]);
    }

    [Fact, Trait("feature", "C1")]
    public void A_normal_port_asks_for_nothing() =>
        Assert.Empty(BootDemand.Of(BootOf(Port("normal"))).Requests);

    [Fact, Trait("feature", "D11")]
    public void The_ports_policy_goes_before_the_flavors()
    {
        var boot = BootOf(Port("direct") with { NumaPolicy = "socket" }, Port("direct"));
        boot.NumaPolicy = NumaPolicy.Required;
        boot.GuestCells = 1;

        var demand = BootDemand.Of(boot);

        Assert.Equal(
            [NumaPolicy.Socket, NumaPolicy.Required],
            demand.Requests.Select(request => request.NumaPolicy!.Value));
        Assert.Equal(1, demand.GuestCells);
    }

    [Fact, Trait("feature", "D10")]
    public void A_guest_without_functions_may_run_anywhere()
    {
        var boot = BootOf(Port("normal"));
        boot.GuestCells = 1;

        Assert.True(BootDemand.Of(boot).IsPlain);
    }

    [Fact, Trait("feature", "AX5")]
    public void A_trusted_port_asks_for_trusted_functions() => Assert.Equal(
        "True", BootDemand.Of(BootOf(Port("direct") with { Trusted = true })).Requests[0].Spec[0]["trusted"]);

    [Fact, Trait("feature", "U19"), Trait("feature", "D9")]
    public void Groups_name_ports_and_aliases_and_pins_stay_with_their_ports()
    {
        var boot = BootOf(Port("direct"), Port("normal"), Port("direct"));
        boot.Nics = [new("port-0"), new("port-1"), new("port-2", "0000:3b:00.0")];
        var gpu = Guid.NewGuid();
        boot.Devices = [new(gpu, "gpu", 2, [new Dictionary<string, string?>()], null)];
        boot.Placement = new(Groups:
        [
            new("spread", "pf", ["port-0", "port-1"]), new("pack", "card", ["gpu"]), new("spread", "card"),
        ]);

        var demand = BootDemand.Of(boot);

        Assert.Equal(
            [null, "0000:3b:00.0", null], demand.Requests.Select(request => request.Pin?.ToString()));
        Assert.Equal(
            [
                (Grouping.Spread, GroupedBy.Pf), (Grouping.Pack, GroupedBy.Card),
                (Grouping.Spread, GroupedBy.Card),
            ],
            demand.Groups.Select(group => (group.Grouping, group.By)));
        Assert.Equal([boot.Needs[0].RequestId], demand.Groups[0].RequestIds);
        Assert.Equal([gpu], demand.Groups[1].RequestIds);
        Assert.Equal([boot.Needs[0].RequestId, boot.Needs[2].RequestId, gpu], demand.Groups[2].RequestIds);
    }

    private static Boot BootOf(params ResolvedPort[] ports) => new()
    {
        Nics = [.. ports.Select((_, index) => new BootNic($"port-{index}"))],
        Needs = [.. ports.Select(port => new NicNeed(Guid.NewGuid(), port))],
    };

    private static ResolvedPort Port(string vnicType) =>
        new("port", "network", vnicType, "physnet1", 101, "");
}
