using System.Collections.Immutable;
using Platform.Inventory.Domain;
using Platform.Pci;

namespace Platform.Unit.Tests.Inventory;

/// <summary>A host, the time, and what messages about it are still under way.</summary>
internal sealed record World(
    HostInventory Host, DateTimeOffset Now, ImmutableSortedDictionary<Guid, long> Generations,
    ImmutableHashSet<Guid> Over)
{
    public static World With(HostInventory host) =>
        new(host, Hosts.Start, ImmutableSortedDictionary<Guid, long>.Empty, []);

    public (World After, object? Answer, IReadOnlyList<HostEvent> Events) Do(Order order)
    {
        var (answer, events) = order.Decide(this);
        var after = this with { Host = Host.After(events), Now = Now + (order.Passes ?? TimeSpan.Zero) };
        foreach (var happened in events)
        {
            if (happened is ClaimGranted granted)
                after = after with
                {
                    Generations = after.Generations.SetItem(
                        granted.ClaimId, after.Host.Claims[granted.ClaimId].Generation),
                };
            if (happened is ClaimReleased released)
                after = after with { Over = after.Over.Add(released.ClaimId) };
        }

        return (after, answer, events);
    }
}

/// <summary>Something that may happen to a world, at any time and more than once.</summary>
internal sealed record Order(
    string Name, Func<World, (object? Answer, IReadOnlyList<HostEvent> Events)> Decide,
    TimeSpan? Passes = null)
{
    /// <summary>What may happen to two claims that want two functions each.</summary>
    public static IReadOnlyList<Order> OfTwoClaims() =>
    [
        .. OfClaim(1), .. OfClaim(2),
        new("the lease's time passes", _ => (null, []), Hosts.Lease),
        new("sweep", world => Plain(Releasing.Expire(world.Host, world.Now))),
    ];

    /// <summary>What the agent may say of one function.</summary>
    public static IReadOnlyList<Order> OfDevices() =>
    [
        new("lose", world => Plain(Reporting.Decide(world.Host, 1, world.Host.Agent.Sequence + 1,
            new Observation.Gone(Hosts.VfAddress(0), "pulled")))),
        new("find", world => Plain(Reporting.Decide(world.Host, 1, world.Host.Agent.Sequence + 1,
            new Observation.Some([Hosts.Vf(0)])))),
        new("change", world => Plain(Reporting.Decide(world.Host, 1, world.Host.Agent.Sequence + 1,
            new Observation.Some([Hosts.Vf(0, "physnet2")])))),
    ];

    public override string ToString() => Name;

    private static IEnumerable<Order> OfClaim(int claim)
    {
        var (claimId, bootId) = (Hosts.Claim(claim), Hosts.Boot(claim));
        yield return new($"claim {claim}", world =>
        {
            var (answer, events) = Claiming.Decide(
                world.Host, Hosts.Order(claim, Hosts.Request(2)), world.Now);
            return (answer is Claiming.Refused refused ? refused.Code : answer, events);
        });
        yield return new($"confirm {claim}", world =>
        {
            var (loss, events) = Confirming.Decide(world.Host, claimId, bootId, world.Now);
            return (loss is null, events);
        });
        yield return new($"release {claim}", world =>
            Plain(Releasing.Decide(world.Host, claimId, bootId, "over", world.Now)));
        yield return new($"cleaned {claim}", world => Plain(Cleaning.Succeed(
            world.Host, claimId, world.Generations.GetValueOrDefault(claimId), All, world.Now)));
        yield return new($"clean failed {claim}", world => Plain(Cleaning.Fail(
            world.Host, claimId, world.Generations.GetValueOrDefault(claimId), Hosts.VfAddress(1), "stuck",
            world.Now)));
    }

    private static IReadOnlyList<PciAddress> All => [.. Enumerable.Range(0, 3).Select(Hosts.VfAddress)];

    private static (object?, IReadOnlyList<HostEvent>) Plain<T>(
        (T Answer, IReadOnlyList<HostEvent> Events) decision) =>
        (decision.Answer, decision.Events);
}
