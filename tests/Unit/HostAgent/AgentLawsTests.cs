using Platform.HostAgent.Domain;
using Platform.Pci;

namespace Platform.Unit.Tests.HostAgent;

/// <summary>
/// The laws of fencing, in every small world there is: two functions of one PF, three generations (each a
/// claim), and every sequence of four plugs, unplugs and cleans, duplicates and stragglers included.
/// </summary>
[Trait("invariant", "5")]
public class AgentLawsTests
{
    private const int Depth = 4;
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.0");
    private static readonly PciAddress[] Vfs =
    [
        PciAddress.Parse("0000:3b:02.0"), PciAddress.Parse("0000:3b:02.1"),
    ];
    private static readonly IReadOnlyList<PciDevice> Host =
    [
        new(Pf, "8086", "1572", DeviceType.Pf, null, null, 0, null, null, DeviceTags.None, 2, 2),
        .. Vfs.Select((vf, i) => new PciDevice(
            vf, "8086", "154c", DeviceType.Vf, Pf, i, 0, null, null, DeviceTags.None)),
    ];

    private static readonly Order[] Orders =
    [
        .. from kind in Enum.GetValues<Kind>()
           from generation in new long[] { 1, 2, 3 }
           from vf in Vfs
           select new Order(kind, generation, vf),
    ];

    private enum Kind { Plug, Unplug, Clean }

    private sealed record Order(Kind Kind, long Generation, PciAddress Address)
    {
        public Guid ClaimId => new(new byte[15].Append((byte)Generation).ToArray());
    }

    [Fact]
    public void After_an_undo_no_plug_at_or_below_its_generation_ever_succeeds() => Everywhere(
        (before, order, after, undone) =>
    {
        if (order.Kind == Kind.Plug && after.Functions != before.Functions)
            Assert.True(order.Generation > undone.GetValueOrDefault(order.Address));
    });

    [Fact]
    public void An_older_undo_never_touches_what_is_plugged_for_a_newer_generation() => Everywhere(
        (before, order, after, _) =>
    {
        if (order.Kind == Kind.Plug)
            return;
        if (before.At(order.Address) is { } newer && newer.Generation > order.Generation)
            Assert.Equal(newer, after.At(order.Address));
    });

    [Fact]
    public void An_order_touches_no_other_function() => Everywhere((before, order, after, _) =>
    {
        var other = Vfs.Single(vf => vf != order.Address);
        if (before.At(other)?.ClaimId == order.ClaimId)
            return; // An unplug is of the claim, and takes all it has.
        Assert.Equal(before.At(other), after.At(other));
        Assert.Equal(before.FenceOf(other), after.FenceOf(other));
    });

    [Fact]
    public void The_same_order_again_changes_nothing_and_is_answered_the_same() => Everywhere(
        (before, order, after, _) =>
    {
        var again = Apply(after, order);
        Assert.Equal(after.Functions, again.Functions);
        Assert.Equal(after.Fences, again.Fences);
        if (order.Kind == Kind.Plug)
            Assert.Equal(Plug(before, order) is Plugging.Refused, Plug(after, order) is Plugging.Refused);
    });

    [Fact]
    [Trait("invariant", "1")]
    public void A_plug_never_takes_a_function_from_another_claim() => Everywhere((before, order, after, _) =>
    {
        if (order.Kind == Kind.Plug && before.At(order.Address) is { } held)
            Assert.Equal(held.ClaimId, after.At(order.Address)?.ClaimId);
    });

    [Fact]
    public void Nothing_is_executed_before_admission_but_fences_are_kept() =>
        Assert.All(Orders, order =>
        {
            var after = Apply(AgentState.Empty, order);
            Assert.Empty(after.Functions);
            Assert.Equal(order.Kind == Kind.Plug ? 0 : order.Generation, after.FenceOf(order.Address));
        });

    private static void Everywhere(Action<AgentState, Order, AgentState, Dictionary<PciAddress, long>> law) =>
        Walk(law, AgentState.Empty with { Epoch = 1 }, [], Depth);

    private static void Walk(
        Action<AgentState, Order, AgentState, Dictionary<PciAddress, long>> law,
        AgentState before,
        Dictionary<PciAddress, long> undone,
        int depth)
    {
        if (depth == 0)
            return;
        foreach (var order in Orders)
        {
            var after = Apply(before, order);
            law(before, order, after, undone);
            var next = new Dictionary<PciAddress, long>(undone);
            if (order.Kind != Kind.Plug)
                next[order.Address] = Math.Max(undone.GetValueOrDefault(order.Address), order.Generation);
            Walk(law, after, next, depth - 1);
        }
    }

    private static AgentState Apply(AgentState agent, Order order)
    {
        if (order.Kind == Kind.Plug)
            return Plug(agent, order) is Plugging.Accepted accepted
                ? accepted.Intent.With([Function(order) with { Done = true }])
                : agent;
        if (order.Kind == Kind.Unplug)
        {
            var unplug = Unplugging.Decide(agent, order.ClaimId, order.Generation, [order.Address]);
            return unplug.Fenced.Without(unplug.Unplug);
        }
        var clean = Cleaning.Decide(agent, order.Generation, [order.Address]);
        return clean.Fenced.Without(clean.Unplug);
    }

    private static Plugging Plug(AgentState agent, Order order) => Plugging.Decide(
        agent, new(order.ClaimId, order.Generation, Now, [Function(order)]), Host, Now);

    private static PluggedFunction Function(Order order) => new(
        order.Address, order.ClaimId, "vm", order.ClaimId, order.Generation, "port", "direct",
        $"fa:16:3e:00:00:{order.Address.Function:x2}", 101);
}
