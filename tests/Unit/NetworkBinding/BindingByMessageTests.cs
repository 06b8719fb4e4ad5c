using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.NetworkBinding;

namespace Platform.Unit.Tests.NetworkBinding;

public class BindingByMessageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("invariant", "9")]
    public async Task A_port_is_resolved_bound_shown_and_unbound()
    {
        await using var service = await Start();
        var port = await NewPort(service, "direct", "vlan");
        var (boot, claim) = (Guid.NewGuid(), Guid.NewGuid());

        await Send(service, ResolvePorts.Queue, new ResolvePorts(boot, [port], Later));
        var resolved = Assert.Single((await service.Next<PortsResolved>()).Ports);
        Assert.Equal(("physnet1", 101), (resolved.PhysicalNetwork, resolved.Vlan));

        await service.Bus.Publish(Reserved(boot, claim, port), Stop);
        var bound = Assert.Single((await service.Next<PortsBound>()).Bindings);
        Assert.Equal(("hw_veb", "101"), (bound.VifType, bound.VifDetails["vlan"]));
        var shown = await Show(service, port);
        Assert.Equal("host-1", (string?)shown["binding:host_id"]);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"pci_vendor_info":"8086:154c","pci_slot":"0000:3b:02.3","physical_network":"physnet1",
                 "pf_mac_address":"3c:fd:fe:00:00:01","vf_num":3}
                """),
            shown["binding:profile"]));

        await Send(service, UnbindPorts.Queue, new UnbindPorts(boot, claim, "host-1", [port]));
        Assert.Equal(claim, (await service.Next<PortsUnbound>()).ClaimId);
        shown = await Show(service, port);
        Assert.Equal("", (string?)shown["binding:host_id"]);
        Assert.Equal("unbound", (string?)shown["binding:vif_type"]);
        Assert.Empty(shown["binding:profile"]!.AsObject());

        await service.Bus.Publish(Reserved(boot, claim, port), Stop);
        Assert.False((await service.Next<PortBindingFailed>()).Permanent);
    }

    [Fact]
    public async Task Every_port_that_cannot_be_had_is_named_with_its_reason()
    {
        await using var service = await Start();
        var taken = await NewPort(service, "direct", "vlan");
        var overlay = await NewPort(service, "direct", "geneve");
        var unknown = Guid.NewGuid().ToString();
        await service.Bus.Publish(Reserved(Guid.NewGuid(), Guid.NewGuid(), taken), Stop);
        await service.Next<PortsBound>();

        await Send(service, ResolvePorts.Queue, new ResolvePorts(
            Guid.NewGuid(), [taken, overlay, unknown, "nonsense", unknown], Later));

        var failed = await service.Next<PortResolutionFailed>();
        var problems = failed.Problems.ToDictionary(p => p.PortId, p => p.Reason);
        Assert.Contains("bound for boot", problems[taken], StringComparison.Ordinal);
        Assert.Contains("no physical network", problems[overlay], StringComparison.Ordinal);
        Assert.Contains("more than once", problems[unknown], StringComparison.Ordinal);
        Assert.Contains("no port id", problems["nonsense"], StringComparison.Ordinal);
    }

    private static DateTimeOffset Later => DateTimeOffset.UtcNow.AddMinutes(5);

    private static Task<ServiceProbe> Start() => ServiceProbe.Start(
        NetworkBindingService.Module, [],
        typeof(PortsResolved), typeof(PortResolutionFailed), typeof(PortsBound), typeof(PortBindingFailed),
        typeof(PortsUnbound));

    private static async Task Send<T>(ServiceProbe service, Uri queue, T command) where T : class =>
        await (await service.Bus.GetSendEndpoint(queue)).Send(command, Stop);

    private static VfReserved Reserved(Guid boot, Guid claim, string port) => new(
        boot, "vm-1", claim, "host-1", 7, Later,
        [
            new(port, Guid.NewGuid(), "physnet1", new(
                "0000:3b:02.3", "8086", "154c", "type-VF", "0000:3b:00.0", 3, 0, "3c:fd:fe:00:00:01", null)),
        ]);

    private static async Task<string> NewPort(ServiceProbe service, string vnicType, string networkType)
    {
        var network = new JsonObject { ["provider:network_type"] = networkType };
        if (networkType == "vlan")
        {
            network["provider:physical_network"] = "physnet1";
            network["provider:segmentation_id"] = 101;
        }
        var made = await Post(service, "networks", "network", network);
        return (string)(await Post(service, "ports", "port", new()
        {
            ["network_id"] = (string?)made["id"],
            ["binding:vnic_type"] = vnicType,
        }))["id"]!;
    }

    private static async Task<JsonObject> Post(
        ServiceProbe service, string path, string name, JsonObject body)
    {
        var request = new JsonObject { [name] = body };
        using var answer = await service.Http.PostAsJsonAsync($"/v2.0/{path}", request, Stop);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Stop))![name]!.AsObject();
    }

    private static async Task<JsonObject> Show(ServiceProbe service, string port) =>
        (await service.Http.GetFromJsonAsync<JsonObject>($"/v2.0/ports/{port}", Stop))!["port"]!.AsObject();
}
