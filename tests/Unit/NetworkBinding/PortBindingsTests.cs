using Platform.EventStore;
using Platform.NetworkBinding.Domain;
using Platform.NetworkBinding.Storage;

namespace Platform.Unit.Tests.NetworkBinding;

public class PortBindingsTests
{
    private static readonly DateTimeOffset Later = DateTimeOffset.UtcNow.AddHours(1);
    private readonly PortBindings bindings;
    private readonly Networks networks;
    private readonly Ports ports;

    public PortBindingsTests()
    {
        var decisions = new Decisions(new InMemoryEventStore(TimeProvider.System, Streams.Options));
        bindings = new(decisions);
        networks = new(decisions);
        ports = new(decisions);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("invariant", "9")]
    public async Task Ports_of_a_claim_are_bound_all_or_none()
    {
        var (first, second) = (await NewPort(), await NewPort());
        await bindings.Bind([Order(2, second, 0)], Stop);

        var (refused, _) = await bindings.Bind([Order(1, first, 1), Order(1, second, 2)], Stop);

        Assert.True(refused!.Permanent);
        Assert.Equal(second, refused.PortId);
        Assert.Null((await ports.Find(first, Stop))!.Port.Claim);
    }

    [Fact]
    [Trait("invariant", "2")]
    public async Task The_same_claim_again_is_answered_from_state_and_appends_nothing()
    {
        var port = await NewPort();
        var (_, once) = await bindings.Bind([Order(1, port, 0)], Stop);
        var (refused, again) = await bindings.Bind([Order(1, port, 0)], Stop);

        Assert.Null(refused);
        Assert.Equal(once[0].Port.Revision, again[0].Port.Revision);
        Assert.Equal(2, again[0].Port.Revision);
    }

    [Fact]
    [Trait("invariant", "9")]
    public async Task Of_many_boots_that_want_a_port_at_once_one_gets_it()
    {
        var port = await NewPort();

        var answers = await Task.WhenAll(Enumerable.Range(1, 16).Select(
            boot => Task.Run(() => bindings.Bind([Order(boot, port, boot)], Stop), Stop)));

        Assert.Single(answers, a => a.Refused == null);
    }

    [Fact]
    [Trait("invariant", "3")]
    public async Task A_bind_that_comes_after_its_undo_is_refused()
    {
        var port = await NewPort();
        var order = Order(1, port, 0);
        await bindings.Unbind(order.Order.Claim.ClaimId, [port, "nonsense", Guid.NewGuid().ToString()], Stop);

        var (refused, _) = await bindings.Bind([order], Stop);

        Assert.Contains("was undone", refused!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_ports_never_get_the_same_function()
    {
        var (first, second) = (await NewPort(), await NewPort());

        var (refused, _) = await bindings.Bind([Order(1, first, 7), Order(1, second, 7)], Stop);

        Assert.Contains("given to another port", refused!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_of_a_boot_is_not_deleted_nor_rebound_by_hand()
    {
        var port = await NewPort();
        await bindings.Bind([Order(1, port, 0)], Stop);

        Assert.Equal("PortInUse", (await ports.Delete(port, null, Stop))!.Type);
        var (refused, _) = await ports.Update(port, null, p => (p.Attributes, new("elsewhere", "{}")), Stop);
        Assert.Equal("PortInUse", refused!.Type);
        var (_, renamed) = await ports.Update(
            port, null, p => (p.Attributes with { Name = "n" }, p.Manual), Stop);
        Assert.Equal("n", renamed!.Port.Attributes.Name);
        Assert.NotNull(renamed.Port.Claim);
    }

    [Fact]
    public async Task A_network_goes_when_its_last_port_has_gone()
    {
        var port = await NewPort();
        var network = (await ports.Find(port, Stop))!.Port.NetworkId;

        Assert.Equal("NetworkInUse", (await networks.Delete(network, Stop))!.Type);
        Assert.Null(await ports.Delete(port, null, Stop));
        Assert.Null(await networks.Delete(network, Stop));
        Assert.Equal("NetworkNotFound", (await networks.Delete(network, Stop))!.Type);
    }

    [Fact]
    public async Task A_mac_address_is_given_once_on_a_network_and_again_when_it_is_free()
    {
        var first = await NewPort("fa:16:3e:00:00:01");
        var network = (await ports.Find(first, Stop))!.Port.NetworkId;

        var (refused, _) = await Create(network, "fa:16:3e:00:00:01");
        Assert.Equal("MacAddressInUse", refused!.Type);
        await ports.Delete(first, null, Stop);
        Assert.Null((await Create(network, "fa:16:3e:00:00:01")).Refused);
    }

    private async Task<string> NewPort(string mac = "")
    {
        var (_, network) = await networks.Create(
            now => new("", "", "project", true, new("geneve", null, null), now), Stop);
        if (mac.Length > 0)
            return (await Create(network!.Id, mac)).Port!.Id;
        var (_, wired) = await networks.Create(now => new(
            "", "", "project", true, new("vlan", $"physnet-{network!.Id}", 101), now), Stop);
        return (await Create(wired!.Id, "")).Port!.Id;
    }

    private Task<(Refusal? Refused, PortView? Port)> Create(string network, string mac) => ports.Create(
        network, "project", Port.None.Attributes with { VnicType = VnicType.Direct, MacAddress = mac },
        ManualBinding.None, Stop);

    private PortOrder Order(int boot, string port, int function)
    {
        var physicalNetwork = bindings.Load([port], Stop).GetAwaiter().GetResult()[0].Port.PhysicalNetwork;
        return new(port, new(
            new(new(boot, 0, 0, new byte[8]), new(boot, 1, 0, new byte[8]), $"vm-{boot}", "host-1",
                new($"0000:3b:02.{function % 8}", "8086", "154c", "type-VF", function, null, null)),
            physicalNetwork,
            Later));
    }
}
