using System.Text.Json;
using Platform.Inventory.Domain;

namespace Platform.Unit.Tests.Inventory;

/// <summary>
/// The laws of a host in every small world there is: two claims that want two of three functions each, and
/// every sequence of what can happen to them, duplicates, stragglers, ended leases and failed cleanings
/// included.
/// </summary>
public class HostLawsTests
{
    private const int Depth = 6;

    [Fact]
    [Trait("invariant", "1"), Trait("feature", "U1")]
    public void A_function_has_at_most_one_owner() => Everywhere(step =>
    {
        var host = step.After.Host;
        var owned = host.Claims.Where(claim => claim.Value.ReleasedAt is null)
            .SelectMany(claim => claim.Value.Picks, (claim, pick) => (claim.Key, pick.Address))
            .ToList();

        Assert.Equal(owned.Count, owned.DistinctBy(own => own.Address).Count());
        Assert.All(owned, own => Assert.Equal(
            (Use.Held, own.Key), (host.Functions[own.Address].Use, host.Functions[own.Address].ClaimId)));
        Assert.Equal(owned.Count, host.Functions.Values.Count(function => function.Use == Use.Held));
    });

    [Fact]
    [Trait("invariant", "2")]
    public void The_same_command_again_changes_nothing_and_gets_the_same_answer() => Everywhere(step =>
    {
        if (step.Order.Passes is not null || step.Order.Name == "sweep")
            return;
        var again = step.After.Do(step.Order);

        Assert.Empty(again.Events);
        Assert.Equal(JsonSerializer.Serialize(step.Answer), JsonSerializer.Serialize(again.Answer));
    }, depth: 5);

    [Fact]
    [Trait("invariant", "3"), Trait("feature", "U3")]
    public void A_released_claim_never_holds_again() => Everywhere(step => Assert.All(
        step.After.Over,
        claimId => Assert.DoesNotContain(
            step.After.Host.Functions.Values,
            function => function is { Use: Use.Held } && function.ClaimId == claimId)));

    [Fact]
    [Trait("invariant", "3")]
    public void A_release_that_overtakes_its_claim_wins() => Everywhere(step =>
    {
        if (step.Order.Name == "claim 1" && step.Before.Over.Contains(Hosts.Claim(1)))
            Assert.Equal("claim-released", step.Answer);
    });

    [Fact]
    [Trait("invariant", "5"), Trait("feature", "U4")]
    public void A_claims_generation_is_above_every_fence_of_its_functions() => Everywhere(step =>
        Assert.All(step.After.Host.Claims.Values.Where(claim => claim.ReleasedAt is null), claim =>
            Assert.All(claim.Picks, pick =>
                Assert.True(step.After.Host.Fences.GetValueOrDefault(pick.Address) < claim.Generation))));

    [Fact]
    [Trait("invariant", "5")]
    public void What_a_released_claim_held_is_fenced_at_its_generation() => Everywhere(step =>
        Assert.All(step.Events.OfType<ClaimReleased>(), released =>
        {
            if (step.Before.Host.Claims.TryGetValue(released.ClaimId, out var claim))
                Assert.All(claim.Picks, pick =>
                    Assert.Equal(claim.Generation, step.After.Host.Fences[pick.Address]));
        }));

    [Fact]
    [Trait("invariant", "6"), Trait("feature", "U5")]
    public void A_function_becomes_free_only_when_it_was_cleaned() => Everywhere(step =>
    {
        var cleaned = step.Events.OfType<FunctionsCleaned>()
            .SelectMany(happened => happened.Addresses)
            .ToHashSet();
        foreach (var (address, function) in step.After.Host.Functions)
            if (function.Use == Use.Free && step.Before.Host.Functions[address].Use != Use.Free)
                Assert.Contains(address, cleaned);
    });

    [Fact]
    [Trait("feature", "U2")]
    public void Nothing_is_lost_and_the_pools_agree_with_the_devices() => Everywhere(step =>
    {
        var host = step.After.Host;
        var offer = new Offer(host);
        var pool = Assert.Single(offer.Pools());
        var uses = host.Functions.Values.CountBy(function => function.Use).ToDictionary();

        Assert.Equal(3, pool.Total);
        Assert.Equal(pool.Free, pool.FreeByPf!.Values.Sum());
        Assert.Equal(3, uses.Values.Sum());
        Assert.Equal(uses.GetValueOrDefault(Use.Free), pool.Free);
        Assert.Equal(pool.Free, offer.Devices().Count());
        var cleaning = host.Claims.Keys.Sum(claimId => host.BeingCleaned(claimId).Count);
        Assert.Equal(cleaning, uses.GetValueOrDefault(Use.Cleaning));
    });

    [Fact]
    public void The_state_counts_the_versions_of_its_stream() => Everywhere(step =>
        Assert.Equal(step.Before.Host.Version + step.Events.Count, step.After.Host.Version));

    [Fact]
    [Trait("feature", "U7")]
    public void A_vanishing_and_changing_device_breaks_no_law() => Everywhere(step =>
    {
        var host = step.After.Host;
        Assert.All(
            host.Claims.Values.SelectMany(claim => claim.ReleasedAt is null ? claim.Picks : []), pick =>
        {
            // What a claim was told of its functions stays true.
            Assert.Equal(Use.Held, host.Functions[pick.Address].Use);
            Assert.Equal("physnet1", host.Functions[pick.Address].Device.Tags["physical_network"]);
        });
        Assert.DoesNotContain(
            host.Functions.Values, function => function is { Use: Use.Free, Missing: true });
        Assert.All(host.Claims.Keys, claimId => Assert.NotNull(host.BeingCleaned(claimId)));
    }, [.. Order.OfTwoClaims(), .. Order.OfDevices()], depth: 5);

    private sealed record Step(
        World Before, Order Order, World After, object? Answer, IReadOnlyList<HostEvent> Events);

    private static void Everywhere(
        Action<Step> law, IReadOnlyList<Order>? orders = null, int depth = Depth) =>
        Everywhere(law, orders ?? Order.OfTwoClaims(), World.With(Hosts.Online(vfs: 3)), depth);

    private static void Everywhere(Action<Step> law, IReadOnlyList<Order> orders, World world, int depth)
    {
        foreach (var order in orders)
        {
            var (after, answer, events) = world.Do(order);
            law(new(world, order, after, answer, events));
            // What changed nothing leads nowhere new.
            if (depth > 1 && (events.Count > 0 || order.Passes is not null))
                Everywhere(law, orders, after, depth - 1);
        }
    }
}
