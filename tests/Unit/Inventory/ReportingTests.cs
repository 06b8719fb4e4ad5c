using Platform.Inventory.Domain;
using Platform.Pci;

namespace Platform.Unit.Tests.Inventory;

public class ReportingTests
{
    private static readonly HostInventory Host = Hosts.Online(vfs: 2, pf: true);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 2)]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    [Trait("invariant", "8"), Trait("feature", "U13")]
    public void An_event_of_another_life_or_one_already_taken_is_dropped(long epoch, long sequence)
    {
        var (answer, events) = Reporting.Decide(Host, epoch, sequence, new Observation.Everything([], []));

        Assert.Equal(Heard.Dropped, answer);
        Assert.Empty(events);
    }

    [Fact]
    [Trait("invariant", "8")]
    public void A_gap_is_not_taken_and_a_whole_report_fills_it()
    {
        var gap = Reporting.Decide(Host, 1, 5, new Observation.Some([Hosts.Vf(2)]));
        var report = Reporting.Decide(Host, 1, 6, new Observation.Everything([Hosts.Vf(2)], []));

        Assert.Equal(Heard.Gap, gap.Answer);
        Assert.Empty(gap.Events);
        Assert.Equal(Heard.Taken, report.Answer);
        Assert.Equal([Hosts.VfAddress(2)], Host.After(report.Events).Functions.Keys);
        Assert.Equal(6, Host.After(report.Events).Agent.Sequence);
    }

    [Fact]
    [Trait("invariant", "8"), Trait("feature", "U13")]
    public void A_new_life_is_not_offered_before_it_has_reported_everything()
    {
        var (admission, events) = Registration.Decide(Host, "host-1", Hosts.Boot(1));
        var admitted = Host.After(events);
        var partial = admitted.After(
            Reporting.Decide(admitted, 2, 1, new Observation.Some([Hosts.Vf(0)])).Events);
        var reported = partial.After(
            Reporting.Decide(partial, 2, 2, new Observation.Everything([Hosts.Vf(0)], [])).Events);

        Assert.Equal(2, admission!.Epoch);
        Assert.Contains(events, happened => happened is HostFellSilent);
        Assert.False(partial.Online);
        Assert.True(reported.Online);
    }

    [Fact]
    [Trait("invariant", "8")]
    public void The_same_life_gets_the_same_epoch_and_an_earlier_one_none()
    {
        var next = Host.After(Registration.Decide(Host, "host-1", Hosts.Boot(1)).Events);

        var same = Registration.Decide(next, "host-1", Hosts.Boot(1));
        var earlier = Registration.Decide(next, "host-1", Hosts.Instance);

        Assert.Equal(2, same.Answer!.Epoch);
        Assert.Empty(same.Events);
        Assert.Null(earlier.Answer);
        Assert.Empty(earlier.Events);
    }

    [Fact]
    [Trait("invariant", "5")]
    public void An_admitted_agent_is_told_every_fence()
    {
        var released = Host.Claimed(1, Hosts.Request(1)).Released(1);

        var admission = Registration.Decide(released, "host-1", Hosts.Boot(1)).Answer;

        Assert.Equal(released.Claims[Hosts.Claim(1)].Generation, admission!.Fences[Hosts.VfAddress(0)]);
    }

    [Fact]
    [Trait("feature", "U7")]
    public void A_free_function_that_vanishes_is_gone_and_one_in_use_is_kept_until_its_release()
    {
        var claimed = Host.Claimed(1, Hosts.Request(1));

        var after = claimed.After(
            Reporting.Decide(claimed, 1, 2, new Observation.Everything([], [])).Events);

        var kept = Assert.Single(after.Functions);
        Assert.Equal((Hosts.VfAddress(0), true, Use.Held), (kept.Key, kept.Value.Missing, kept.Value.Use));
        Assert.Empty(after.Released(1).Cleaned(1).Functions);
    }

    [Fact]
    [Trait("feature", "A20"), Trait("feature", "AX22")]
    public void Why_a_function_in_use_is_offered_no_more_is_known_until_it_comes_back_or_goes()
    {
        var claimed = Host.Claimed(1, Hosts.Request(1));

        var lost = claimed.After(Reporting.Decide(
            claimed, 1, 2, new Observation.Gone(Hosts.VfAddress(0), "The device spec changed.")).Events);
        var unreported = claimed.After(
            Reporting.Decide(claimed, 1, 2, new Observation.Everything([], [])).Events);
        var back = lost.After(Reporting.Decide(lost, 1, 3, new Observation.Some([Hosts.Vf(0)])).Events);

        Assert.Equal("The device spec changed.", lost.Functions[Hosts.VfAddress(0)].Loss);
        Assert.Equal(Use.Held, lost.Functions[Hosts.VfAddress(0)].Use);
        Assert.Contains("did not report", unreported.Functions[Hosts.VfAddress(0)].Loss);
        Assert.Null(back.Functions[Hosts.VfAddress(0)].Loss);
        Assert.DoesNotContain(Hosts.VfAddress(0), lost.Released(1).Cleaned(1).Functions.Keys);
    }

    [Fact]
    [Trait("feature", "U7")]
    public void A_function_that_comes_back_before_its_release_stays()
    {
        var claimed = Host.Claimed(1, Hosts.Request(1));
        var lost = claimed.After(
            Reporting.Decide(claimed, 1, 2, new Observation.Gone(Hosts.VfAddress(0), "")).Events);

        var back = lost.After(Reporting.Decide(lost, 1, 3, new Observation.Some([Hosts.Vf(0)])).Events);

        Assert.Contains(Hosts.VfAddress(0), back.Released(1).Cleaned(1).Functions.Keys);
    }

    [Fact]
    [Trait("feature", "B28")]
    public void A_function_in_use_that_changes_does_so_when_it_is_free_again()
    {
        var claimed = Host.Claimed(1, Hosts.Request(1));

        var changed = claimed.After(Reporting.Decide(
            claimed, 1, 2, new Observation.Some([Hosts.Vf(0, "physnet2")])).Events);

        Assert.Equal("physnet1", changed.Functions[Hosts.VfAddress(0)].Device.Tags["physical_network"]);
        Assert.Equal(
            "physnet2",
            changed.Released(1).Cleaned(1).Functions[Hosts.VfAddress(0)].Device.Tags["physical_network"]);
    }

    [Fact]
    public void A_vf_count_replaces_the_vfs_of_its_pf_and_no_others()
    {
        var other = Hosts.Vf(7) with { Parent = Hosts.VfAddress(6) };
        var host = Host.After(Reporting.Decide(Host, 1, 2, new Observation.Some([other])).Events);

        var after = host.After(Reporting.Decide(
            host, 1, 3, new Observation.VfsOf(Hosts.Pf, 1, 8, [Hosts.Vf(5)])).Events);

        Assert.Equal([Hosts.Pf, Hosts.VfAddress(5), Hosts.VfAddress(7)], after.Functions.Keys);
        Assert.Equal(1, after.Functions[Hosts.Pf].Device.NumVfs);
    }

    [Fact]
    public void What_is_known_already_is_not_recorded_again()
    {
        var (_, events) = Reporting.Decide(
            Host, 1, 2, new Observation.Everything([Hosts.Physical(), .. Hosts.Vfs(2)], []));

        var observed = Assert.IsType<DevicesObserved>(Assert.Single(events));
        Assert.Empty(observed.Seen);
        Assert.Empty(observed.Lost);
    }

    [Fact]
    [Trait("feature", "D10"), Trait("feature", "U18")]
    public void The_numa_cells_of_a_host_are_kept_and_recorded_only_when_they_changed()
    {
        NumaCell[] cells = [new(1, 1), new(0, 0), new(1, 7)];
        var told = Told(Host, 2, cells);
        var same = Told(told.After, 3, [new(0, 0), new(1, 1)]);
        var silent = Told(same.After, 4, []);

        Assert.Single(told.Events.OfType<NumaCellsObserved>());
        Assert.Equal([new(0, 0), new(1, 1)], told.After.Cells);
        Assert.Empty(same.Events.OfType<NumaCellsObserved>());
        Assert.Empty(silent.After.Cells);

        static (HostInventory After, IReadOnlyList<HostEvent> Events) Told(
            HostInventory host, long sequence, IReadOnlyList<NumaCell> cells)
        {
            var (_, events) = Reporting.Decide(host, 1, sequence, new Observation.Everything([], cells));
            return (host.After(events), events);
        }
    }

    [Fact]
    [Trait("feature", "U31")]
    public void Only_the_life_that_fell_silent_goes_offline()
    {
        Assert.Empty(Liveness.FallSilent(Host, 0, "silent").Events);
        var after = Host.Claimed(1, Hosts.Request(1));
        after = after.After(Liveness.FallSilent(after, 1, "silent").Events);

        Assert.False(after.Online);
        Assert.Equal(Use.Held, after.Functions[Hosts.VfAddress(0)].Use);
    }
}
