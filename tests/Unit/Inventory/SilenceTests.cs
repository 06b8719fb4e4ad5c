using Platform.Inventory.Background;
using Platform.Inventory.Storage;

namespace Platform.Unit.Tests.Inventory;

/// <summary>Only time in which somebody listened is an agent's silence.</summary>
[Trait("invariant", "8"), Trait("feature", "U31")]
public class SilenceTests
{
    private static readonly HostView Host = new("host-1", 3, 1, 1, true, [], null, false);
    private readonly Silence silence = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));
    private readonly Dictionary<string, DateTimeOffset> heard = [];

    [Fact]
    public void A_host_that_was_not_heard_for_longer_than_the_limit_is_silent()
    {
        heard["host-1"] = Hosts.Start + TimeSpan.FromSeconds(5);

        Assert.Null(FirstSilence(from: 0, to: 35));
        Assert.Equal(36, FirstSilence(from: 36, to: 40));
    }

    [Fact]
    public void A_sweeper_that_has_just_begun_counts_from_its_beginning() =>
        Assert.Equal(31, FirstSilence(from: 0, to: 60));

    [Fact]
    public void Time_without_the_bus_does_not_count()
    {
        Assert.Null(FirstSilence(from: 0, to: 20));
        Assert.Null(FirstSilence(from: 21, to: 100, canHear: false));
        Assert.Equal(132, FirstSilence(from: 101, to: 200));
    }

    [Fact]
    public void Time_in_which_the_process_stood_still_does_not_count()
    {
        Assert.Null(FirstSilence(from: 0, to: 20));
        Assert.Equal(531, FirstSilence(from: 500, to: 600));
    }

    [Fact]
    public void A_host_that_is_offline_already_is_not_silent_again()
    {
        heard["host-1"] = Hosts.Start;
        Look(0);

        Assert.Empty(
            silence.Of([Host with { Online = false }], heard, true, Hosts.Start + TimeSpan.FromHours(1)));
    }

    private int? FirstSilence(int from, int to, bool canHear = true)
    {
        for (var second = from; second <= to; second++)
            if (Look(second, canHear).Count > 0)
                return second;
        return null;
    }

    private IReadOnlyList<HostView> Look(int second, bool canHear = true) =>
        silence.Of([Host], heard, canHear, Hosts.Start + TimeSpan.FromSeconds(second));
}
