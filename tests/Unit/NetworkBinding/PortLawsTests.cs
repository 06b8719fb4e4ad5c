using Platform.NetworkBinding.Domain;

namespace Platform.Unit.Tests.NetworkBinding;

/// <summary>
/// The laws of a port, in every small world there is: two boots with two claims each, and every sequence of
/// five binds and unbinds, duplicates and stragglers included.
/// </summary>
[Trait("invariant", "9")]
public class PortLawsTests
{
    private const int Depth = 5;
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly Port Start = Port.None.Evolve(new PortCreated(
        "network", new("vlan", "physnet1", 101), "project",
        new("", "", "fa:16:3e:00:00:01", VnicType.Direct, "", "", true), ManualBinding.None, Now));

    private static readonly Order[] Orders =
    [
        .. from isBind in new[] { true, false }
           from boot in new[] { 1, 2 }
           from claim in new[] { 1, 2 }
           select new Order(isBind, Id(boot), Id(10 * boot + claim)),
    ];

    private sealed record Order(bool IsBind, Guid BootId, Guid ClaimId);

    [Fact]
    public void The_same_order_again_changes_nothing_and_is_answered_the_same() => Everywhere(
        (before, order) =>
    {
        var (answer, events) = Decide(before, order);
        var after = Apply(before, events);

        var (again, nothing) = Decide(after, order);

        Assert.Empty(nothing);
        Assert.Equal(answer, again);
    });

    [Fact]
    [Trait("invariant", "3")]
    public void A_claim_that_was_undone_never_has_the_port_again() => Everywhere((before, order) =>
    {
        var after = Apply(before, Decide(before, order).Events);

        if (after.Claim is { } claim)
            Assert.DoesNotContain(claim.ClaimId, after.Undone.Keys);
    });

    [Fact]
    public void A_port_changes_hands_only_by_way_of_nobody() => Everywhere((before, order) =>
    {
        var after = Apply(before, Decide(before, order).Events);

        if (before.Claim is { } held && after.Claim is { } holds)
            Assert.Equal(held, holds);
    });

    [Fact]
    public void An_undo_takes_the_port_from_its_own_claim_only() => Everywhere((before, order) =>
    {
        if (order.IsBind)
            return;

        var after = Apply(before, Decide(before, order).Events);

        Assert.Equal(before.Claim?.ClaimId == order.ClaimId ? null : before.Claim, after.Claim);
    });

    [Fact]
    public void Another_boots_port_is_refused_for_good_and_the_boots_own_elder_claim_for_now() =>
        Everywhere((before, order) =>
        {
            if (!order.IsBind || before.Claim == null || before.Undone.ContainsKey(order.ClaimId))
                return;

            var answer = Decide(before, order).Answer;

            if (before.Claim.BootId != order.BootId)
                Assert.True(Assert.IsType<Binding.Refused>(answer).Permanent);
            else if (before.Claim.ClaimId != order.ClaimId)
                Assert.False(Assert.IsType<Binding.Refused>(answer).Permanent);
        });

    [Fact]
    public void An_undo_of_a_port_that_never_was_is_kept()
    {
        var order = Orders[0];
        var undone = Apply(Port.None, Unbinding.Decide(Port.None, order.ClaimId, Now));

        Assert.IsType<Binding.Refused>(Binding.Decide(undone, Bind(order), Now).Answer);
        Assert.False(undone.Exists);
    }

    [Fact]
    public void Undone_claims_are_forgotten_after_a_day_and_not_before()
    {
        var first = Id(1);
        var port = Apply(Start, Unbinding.Decide(Start, first, Now));

        var within = Apply(port, Unbinding.Decide(port, Id(2), Now + Port.UndoneKept));
        var later = Now + Port.UndoneKept + TimeSpan.FromSeconds(1);
        var after = Apply(port, Unbinding.Decide(port, Id(2), later));

        Assert.Contains(first, within.Undone.Keys);
        Assert.DoesNotContain(first, after.Undone.Keys);
    }

    [Fact]
    public void A_late_bind_is_refused_but_one_that_was_done_is_answered()
    {
        var late = Bind(Orders[0]) with { NotAfter = Now.AddSeconds(-1) };
        var bound = Apply(Start, Binding.Decide(Start, Bind(Orders[0]), Now).Events);

        Assert.False(Assert.IsType<Binding.Refused>(Binding.Decide(Start, late, Now).Answer).Permanent);
        Assert.IsType<Binding.Bound>(Binding.Decide(bound, late, Now).Answer);
    }

    [Theory]
    [InlineData(VnicType.Direct, "type-PF", "physnet1")]
    [InlineData(VnicType.DirectPhysical, "type-VF", "physnet1")]
    [InlineData(VnicType.Normal, "type-VF", "physnet1")]
    [InlineData(VnicType.Direct, null, "physnet1")]
    [InlineData(VnicType.Direct, "type-VF", "physnet2")]
    [InlineData(VnicType.Direct, "type-VF", null)]
    public void A_function_that_does_not_fit_the_port_is_refused(
        string vnicType, string? deviceType, string? physnet)
    {
        var port = Start with { Attributes = Start.Attributes with { VnicType = vnicType } };
        var order = Bind(Orders[0]);
        order = order with
        {
            PhysicalNetwork = physnet,
            Claim = order.Claim with
            {
                Function = deviceType == null ? null : order.Claim.Function! with { DeviceType = deviceType },
            },
        };

        Assert.IsType<Binding.Refused>(Binding.Decide(port, order, Now).Answer);
    }

    private static void Everywhere(Action<Port, Order> law) => Walk(law, Start, Depth);

    private static void Walk(Action<Port, Order> law, Port port, int depth)
    {
        if (depth == 0)
            return;
        foreach (var order in Orders)
        {
            law(port, order);
            Walk(law, Apply(port, Decide(port, order).Events), depth - 1);
        }
    }

    private static (Binding? Answer, IReadOnlyList<PortEvent> Events) Decide(Port port, Order order) =>
        order.IsBind
            ? Binding.Decide(port, Bind(order), Now)
            : (null, Unbinding.Decide(port, order.ClaimId, Now));

    private static BindOrder Bind(Order order) => new(
        new(order.BootId, order.ClaimId, "vm", "host-1",
            new("0000:3b:02.0", "8086", "154c", "type-VF", 0, "3c:fd:fe:00:00:01", null)),
        "physnet1",
        Now);

    private static Port Apply(Port port, IEnumerable<PortEvent> events) =>
        events.Aggregate(port, (p, e) => p.Evolve(e));

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
