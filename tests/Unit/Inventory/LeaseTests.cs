using Platform.Inventory.Domain;

namespace Platform.Unit.Tests.Inventory;

public class LeaseTests
{
    private static readonly DateTimeOffset LeaseEnd = Hosts.Start + Hosts.Lease;
    private static readonly HostInventory Claimed = Hosts.Online(vfs: 2).Claimed(1, Hosts.Request(1));

    [Fact]
    [Trait("invariant", "4"), Trait("feature", "U2")]
    public void A_lease_that_ends_releases_and_never_frees()
    {
        var (count, events) = Releasing.Expire(Claimed, LeaseEnd);

        var after = Claimed.After(events);
        Assert.Equal(1, count);
        Assert.Equal(Use.Cleaning, after.Functions[Hosts.VfAddress(0)].Use);
        Assert.Equal(1, after.Free());
        var released = Assert.IsType<ClaimReleased>(Assert.Single(events));
        Assert.Equal(ReleaseCause.LeaseEnded, released.Cause);
        Assert.Contains("lease ended", released.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_that_runs_is_left_alone() =>
        Assert.Empty(Releasing.Expire(Claimed, LeaseEnd - TimeSpan.FromTicks(1)).Events);

    [Fact]
    [Trait("invariant", "4")]
    public void A_confirmed_claim_has_no_lease()
    {
        var (loss, events) = Confirming.Decide(
            Claimed, Hosts.Claim(1), Hosts.Boot(1), LeaseEnd - TimeSpan.FromTicks(1));

        Assert.Null(loss);
        Assert.Empty(Releasing.Expire(Claimed.After(events), LeaseEnd.AddYears(1)).Events);
    }

    [Fact]
    [Trait("invariant", "4")]
    public void A_confirmation_after_the_lease_ends_the_claim_whatever_the_clock_says_later()
    {
        var (loss, events) = Confirming.Decide(Claimed, Hosts.Claim(1), Hosts.Boot(1), LeaseEnd);

        var after = Claimed.After(events);
        Assert.NotNull(loss);
        Assert.NotNull(Confirming.Decide(after, Hosts.Claim(1), Hosts.Boot(1), Hosts.Start).Loss);
    }

    [Fact]
    public void An_unknown_claim_is_lost() =>
        Assert.NotNull(Confirming.Decide(Claimed, Hosts.Claim(9), Hosts.Boot(9), Hosts.Start).Loss);

    [Fact]
    [Trait("invariant", "3")]
    public void The_end_of_a_claim_is_remembered_for_a_day_and_not_for_ever()
    {
        var host = Claimed;
        var now = Hosts.Start;
        for (var claim = 100; claim < 400; claim++)
        {
            now += TimeSpan.FromMinutes(10);
            host = host.After(Releasing.Decide(host, Hosts.Claim(claim), Hosts.Boot(claim), "", now).Events);
        }

        var ages = host.Released.Values.Select(tombstone => now - tombstone.At).ToList();
        Assert.Equal(6 * 24, ages.Count(age => age < HostInventory.Remembrance));
        Assert.True(ages.Count < 6 * 24 + 64, $"{ages.Count} are kept.");
    }
}
