using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Pci;
using Platform.Pci.Requests;
using Platform.Scheduler;
using Platform.Scheduler.Boots;
using Platform.Scheduler.Placement;
using Platform.Support;

namespace Platform.Unit.Tests.Scheduler;

public sealed class BootStepsTests
{
    private readonly HostIndex hosts = new();
    private readonly BootSteps steps;
    private readonly Boot boot = new();

    public BootStepsTests()
    {
        steps = new(hosts, AliasTable.Parse([]), new(), new ManualTimeProvider());
        hosts.Apply(Pools("a", version: 5, free: 3));
        hosts.Apply(Pools("b", version: 5, free: 1));
        steps.Request(boot, new(Guid.NewGuid(), "vm", "project", [new("port")]));
        steps.Resolved(
            boot,
            new(Guid.NewGuid(), [new("port", "network", "direct", "physnet1", null, "")]),
            Guid.NewGuid);
        steps.ChooseHost(boot, Guid.NewGuid);
        Assert.Equal("a", boot.Attempt!.HostId);
    }

    [Theory, Trait("invariant", "10")]
    [InlineData("insufficient", 6, 0)]
    [InlineData("insufficient", 5, 1)]
    [InlineData("conflict", 5, 0)]
    [InlineData("too-late", 5, 0)]
    [InlineData("invalid", 6, 1)]
    public void A_refusal_is_an_attempt_only_when_it_was_decided_on_what_the_boot_knew(
        string code, long version, int attempts)
    {
        steps.NotClaimed(boot, Rejected(code, version, free: 0));

        Assert.Equal(attempts, boot.Attempts);
        Assert.Equal(attempts, boot.TriedHosts.Count);
    }

    [Fact, Trait("invariant", "10")]
    public void What_a_refusal_says_of_its_host_is_known_to_the_next_choice()
    {
        steps.NotClaimed(boot, Rejected("insufficient", version: 6, free: 0));

        steps.ChooseHost(boot, Guid.NewGuid);

        Assert.Equal("b", boot.Attempt!.HostId);
        Assert.Null(boot.Failure);
    }

    [Fact, Trait("invariant", "10")]
    public void Refusals_on_stale_pools_use_up_no_attempt_however_many_they_are()
    {
        for (var version = 6; version < 30; version++)
        {
            steps.NotClaimed(boot, Rejected("insufficient", version, free: 3));
            steps.ChooseHost(boot, Guid.NewGuid);
        }

        Assert.Equal(0, boot.Attempts);
        Assert.Equal(("a", 29L), (boot.Attempt!.HostId, boot.Attempt.PoolsVersion));
    }

    [Fact]
    public void A_long_timeline_keeps_how_it_began_and_how_it_stands()
    {
        for (var moment = 0; moment < 1000; moment++)
            steps.Note(boot, "plug", $"moment {moment}");

        Assert.Equal(200, boot.Timeline.Count);
        Assert.Equal("request", boot.Timeline[0].Step);
        Assert.Equal("moment 999", boot.Timeline[^1].Text);
    }

    [Fact]
    public void Timeouts_that_make_leases_the_inventory_refuses_are_refused_at_start()
    {
        Assert.Null(SchedulerOptions.Refuse(new()));

        var refused = SchedulerOptions.Refuse(new() { BindTimeout = TimeSpan.FromHours(9) });

        Assert.Contains("leases of 1.03:", refused);
    }

    private ClaimRejected Rejected(string code, long version, int free) => new(
        Guid.NewGuid(), boot.Attempt!.ClaimId, "a", code, "It said so.", version, true,
        Pools("a", version, free).Pools);

    private static PoolsChanged Pools(string hostId, long version, int free) => new(
        hostId, version, true,
        [
            new("8086", "154c", DeviceType.Vf, 0,
                new Dictionary<string, string?> { ["physical_network"] = "physnet1" }, free, 8),
        ]);
}
