using Platform.Inventory.Domain;

namespace Platform.Unit.Tests.Inventory;

public class CleaningTests
{
    private static readonly HostInventory Releasing =
        Hosts.Online(vfs: 3).Claimed(1, Hosts.Request(2)).Released(1);
    private static readonly long Generation = Releasing.Claims[Hosts.Claim(1)].Generation;

    [Fact]
    [Trait("invariant", "6"), Trait("feature", "U5")]
    public void What_could_not_be_cleaned_is_quarantined_and_the_rest_is_given_back()
    {
        var (failed, events) = Cleaning.Fail(
            Releasing, Hosts.Claim(1), Generation, Hosts.VfAddress(0), "stuck", Hosts.Start);
        var half = Releasing.After(events);
        var (done, rest) = Cleaning.Succeed(
            half, Hosts.Claim(1), Generation, [Hosts.VfAddress(0), Hosts.VfAddress(1)], Hosts.Start);

        Assert.Null(failed!.Over);
        Assert.Equal([Hosts.VfAddress(1)], done!.Over!.Cleaned);
        Assert.Equal([Hosts.VfAddress(0)], done.Over.Quarantined);
        Assert.Equal(Use.Quarantined, half.After(rest).Functions[Hosts.VfAddress(0)].Use);
        Assert.Equal(2, half.After(rest).Free());
    }

    [Fact]
    [Trait("invariant", "5"), Trait("feature", "U4")]
    public void A_late_outcome_does_not_touch_the_next_owner()
    {
        var next = Releasing.Cleaned(1).Claimed(2, Hosts.Request(2));

        var late = Cleaning.Fail(next, Hosts.Claim(1), Generation, Hosts.VfAddress(0), "late", Hosts.Start);

        Assert.Empty(late.Events);
        Assert.NotNull(late.Answer!.Over);
    }

    [Fact]
    public void An_outcome_of_another_generation_or_claim_or_of_a_claim_in_use_is_ignored()
    {
        var inUse = Hosts.Online(vfs: 3).Claimed(1, Hosts.Request(2));

        Assert.Null(Cleaning.Succeed(
            Releasing, Hosts.Claim(1), Generation - 1, [Hosts.VfAddress(0)], Hosts.Start).Answer);
        Assert.Null(Cleaning.Succeed(
            Releasing, Hosts.Claim(2), Generation, [Hosts.VfAddress(0)], Hosts.Start).Answer);
        Assert.Null(Cleaning.Succeed(
            inUse, Hosts.Claim(1), Generation, [Hosts.VfAddress(0)], Hosts.Start).Answer);
    }

    [Fact]
    [Trait("invariant", "3")]
    public void The_end_of_a_released_claim_is_told_the_same_again()
    {
        var (answer, events) = Platform.Inventory.Domain.Releasing.Decide(
            Releasing.Cleaned(1), Hosts.Claim(1), Hosts.Boot(1), "again", Hosts.Start);

        var done = Assert.IsType<Platform.Inventory.Domain.Releasing.Done>(answer);
        Assert.Equal([Hosts.VfAddress(0), Hosts.VfAddress(1)], done.Cleaned);
        Assert.Empty(events);
    }
}
