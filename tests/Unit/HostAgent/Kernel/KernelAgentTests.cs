using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.HostAgent;

namespace Platform.Unit.Tests.HostAgent.Kernel;

/// <summary>The whole service on a recorded host.</summary>
public sealed class KernelAgentTests : IAsyncLifetime
{
    private const string Pf = "0000:21:00.0";
    private const string Vf = "0000:21:10.0";
    private const string Upper = "devices/pci0000:20/0000:20:00.0/0000:21:10.0/net/eth7/upper_bond0";

    private readonly RecordedTree tree = RecordedTree.After;
    private ServiceProbe service = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        tree.With("devices/virtual/net/bond0/bonding/mode", "active-backup").WithFunction("10000:01:00.0");
        service = await ServiceProbe.Start(
            HostAgentService.Module,
            [
                "--HostAgent:Hosts:0:HostId=host-1", "--HostAgent:Hosts:0:Kernel=true",
                $"--HostAgent:Hosts:0:SysfsRoot={tree.Root}", "--HostAgent:AdmissionInterval=00:00:00.100",
                "--HostAgent:HeartbeatInterval=00:00:00.100",
                """--HostAgent:DeviceSpec:0={"product_id": "10ca", "physical_network": "physnet1"}""",
            ],
            typeof(AgentStarted), typeof(HostReported), typeof(DeviceLost), typeof(DeviceDiscovered));
        var started = await service.Next<AgentStarted>();
        await (await service.Bus.GetSendEndpoint(HostAgentQueue.Address("host-1"))).Send(
            new AdmitAgent("host-1", started.InstanceId, 1, new Dictionary<string, long>()), Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        tree.Dispose();
    }

    [Fact, Trait("feature", "B16"), Trait("feature", "E8")]
    public async Task A_function_that_something_uses_is_lost_with_the_reason_and_comes_back_when_it_is_free()
    {
        var report = await service.Next<HostReported>();
        Assert.Equal(11, report.Devices.Count);
        Assert.All(report.Devices, device => Assert.Equal("physnet1", device.Tags["physical_network"]));

        tree.With(Upper, "-> ../../../../../virtual/net/bond0");
        var lost = await service.Next<DeviceLost>();
        Assert.Equal(Vf, lost.Address);
        Assert.Contains("not free any more. The bond bond0 is on top", lost.Reason);

        tree.Without(Upper);
        Assert.Equal(Vf, (await service.Next<DeviceDiscovered>()).Device.Address);
    }

    [Fact]
    public async Task An_operator_sees_what_the_kernel_says_what_is_left_out_and_what_cannot_be_done()
    {
        await service.Next<HostReported>();

        var host = (await service.Http.GetFromJsonAsync<JsonArray>("/host-agent/hosts", Stop))![0]!;

        Assert.Equal("10000:01:00.0", (string?)host["skipped"]![0]!["what"]);
        var vf = host["functions"]!.AsArray().Single(f => (string?)f!["device"]!["address"] == Vf)!;
        Assert.Equal("igbvf", (string?)vf["seen"]!["driver"]);
        Assert.Equal("eth7", (string?)vf["seen"]!["netdevs"]![0]!["name"]);
        var refused = await service.Http.PutAsJsonAsync(
            $"/host-agent/hosts/host-1/pfs/{Pf}", new { numVfs = 3 }, Stop);
        Assert.Equal(HttpStatusCode.NotImplemented, refused.StatusCode);
    }
}
