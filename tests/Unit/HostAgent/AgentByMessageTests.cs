using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.HostAgent;

namespace Platform.Unit.Tests.HostAgent;

public class AgentByMessageTests
{
    private const string Pf = "0000:3b:00.0";
    private const string Vf = "0000:3b:02.1";
    private const string Gpu = "0000:af:00.0";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset Later => DateTimeOffset.UtcNow.AddMinutes(5);

    [Fact]
    [Trait("invariant", "5")]
    public async Task An_agent_is_admitted_reports_plugs_and_cleans()
    {
        await using var service = await Start();
        await Admit(service, epoch: 4, fences: new() { [Vf] = 2 });
        var report = await service.Next<HostReported>();
        Assert.Equal((4, 1), (report.Epoch, report.Sequence));
        Assert.Equal(5, report.Devices.Count);
        Assert.Equal([new(0, 0), new(1, 1)], report.NumaCells!);
        Assert.Equal(5, report.Devices.Select(d => d.IommuGroup).OfType<int>().Distinct().Count());
        Assert.All(report.Devices, d => Assert.Equal(0, d.IommuPeers));
        Assert.All(report.Devices, d => Assert.Equal("physnet1", d.Tags["physical_network"]));

        await Send(service, Plug(generation: 2));
        Assert.Contains("fenced", (await service.Next<VfPlugFailed>()).Reason, StringComparison.Ordinal);

        var plug = Plug(generation: 3);
        await Send(service, plug);
        var plugged = Assert.Single((await service.Next<VfsPlugged>()).Devices!);
        Assert.Equal((plug.Vfs[0].RequestId, Vf), (plugged.RequestId, plugged.Address));
        Assert.Contains("<tag id=\"101\" />", plugged.Xml, StringComparison.Ordinal);
        Assert.Equal(101, (int)(await Function(service, Vf))["settings"]!["vlan"]!);

        await Send(service, new CleanDevices("host-1", Guid.NewGuid(), 3, [Vf]));
        Assert.Equal([Vf], (await service.Next<DevicesCleaned>()).Addresses);
        var cleaned = await Function(service, Vf);
        Assert.Null(cleaned["plugged"]);
        Assert.Equal(("00:00:00:00:00:00", 3), (
            (string?)cleaned["settings"]!["macAddress"], (int)cleaned["fence"]!));
    }

    [Fact]
    [Trait("invariant", "8")]
    public async Task A_changed_number_of_VFs_is_told_with_the_next_sequence()
    {
        await using var service = await Start();
        await Admit(service, epoch: 1, fences: []);
        await service.Next<HostReported>();

        Assert.Equal(HttpStatusCode.Conflict, await SetVfCount(service, 8));
        Assert.Equal(HttpStatusCode.BadRequest, await SetVfCount(service, 9));
        Assert.Equal(HttpStatusCode.OK, await SetVfCount(service, 0));
        Assert.Equal(HttpStatusCode.OK, await SetVfCount(service, 8));

        Assert.Equal((2, 0), Told(await service.Next<VfCountChanged>()));
        Assert.Equal((3, 8), Told(await service.Next<VfCountChanged>()));
        await Send(service, new ReportHost("host-1", 1));
        Assert.Equal(4, (await service.Next<HostReported>()).Sequence);
    }

    [Fact]
    [Trait("invariant", "8"), Trait("feature", "A20")]
    public async Task A_VF_that_is_gone_is_not_said_to_be_left_out_by_the_spec()
    {
        await using var service = await Start("""--HostAgent:DeviceSpec:0={"product_id": "154c"}""");
        await Admit(service, epoch: 1, fences: []);
        await service.Next<HostReported>();

        Assert.Equal(HttpStatusCode.OK, await SetVfCount(service, 0));

        Assert.Equal("It is not on the host any more.", (await service.Next<DeviceLost>()).Reason);
    }

    [Fact]
    [Trait("feature", "H18"), Trait("feature", "H20"), Trait("feature", "H21"), Trait("feature", "H10")]
    public async Task A_guest_is_told_what_each_of_its_functions_is_in_its_XML_and_the_same_again()
    {
        var state = Directory.CreateTempSubdirectory("host-agent-").FullName;
        await using var service = await Start(
            $"--HostAgent:StateFolder={state}", $"--HostAgent:Hosts:0:Pfs:1:Address={Gpu}",
            "--HostAgent:Hosts:0:Pfs:1:TotalVfs=0", "--HostAgent:Hosts:0:Pfs:2:Address=0000:5e:00.0");
        await Admit(service, epoch: 1, fences: []);
        var plug = Plug(generation: 1) with
        {
            Vfs =
            [
                new(Guid.NewGuid(), "tap", Vf, "macvtap", "fa:16:3e:00:00:01", 101),
                new(Guid.NewGuid(), "pf", "0000:5e:00.0", "direct-physical", "fa:16:3e:00:00:02", null),
            ],
            Devices = [new(Guid.NewGuid(), Gpu)],
        };

        await Send(service, plug);
        var told = (await service.Next<VfsPlugged>()).Devices!.ToDictionary(device => device.Address);
        await Send(service, plug);
        var again = (await service.Next<VfsPlugged>()).Devices!;

        Assert.Contains("<source dev=\"enp59s2f1\" mode=\"passthrough\" />", told[Vf].Xml);
        Assert.StartsWith("<hostdev mode=\"subsystem\"", told["0000:5e:00.0"].Xml);
        Assert.StartsWith("<hostdev mode=\"subsystem\"", told[Gpu].Xml);
        Assert.Equal(plug.Devices[0].RequestId, told[Gpu].RequestId);
        Assert.Equal(told.Values.ToHashSet(), again.ToHashSet());
        var kept = Path.Combine(state, "host-1.guests", "vm-1");
        Assert.Equal(3, Directory.GetFiles(kept).Length);
        Assert.Equal(
            told[Gpu].Xml, (await File.ReadAllTextAsync(Path.Combine(kept, $"{Gpu}.xml"), Stop)).Trim());

        await Send(service, new CleanDevices("host-1", Guid.NewGuid(), 1, [.. told.Keys]));
        await service.Next<DevicesCleaned>();
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(kept)!));
        Directory.Delete(state, recursive: true);
    }

    private static (long, int) Told(VfCountChanged changed) => (changed.Sequence, changed.Vfs.Count);

    private static Task<ServiceProbe> Start(params string[] settings) => ServiceProbe.Start(
        HostAgentService.Module,
        [
            "--HostAgent:Hosts:0:HostId=host-1", $"--HostAgent:Hosts:0:Pfs:0:Address={Pf}",
            "--HostAgent:Hosts:0:Pfs:0:PhysicalNetwork=physnet1", "--HostAgent:Hosts:0:Pfs:0:NumVfs=4",
            "--HostAgent:Hosts:0:Pfs:0:TotalVfs=8", "--HostAgent:AdmissionInterval=00:00:00.100",
            .. settings,
        ],
        typeof(AgentStarted), typeof(HostReported), typeof(DeviceLost), typeof(VfCountChanged),
        typeof(VfsPlugged), typeof(VfPlugFailed), typeof(DevicesCleaned));

    private static async Task Admit(ServiceProbe service, long epoch, Dictionary<string, long> fences)
    {
        var started = await service.Next<AgentStarted>();
        await Send(service, new AdmitAgent("host-1", started.InstanceId, epoch, fences));
    }

    private static PlugVfs Plug(long generation) => new(
        Guid.NewGuid(), "vm-1", Guid.NewGuid(), "host-1", generation, Later,
        [new(Guid.NewGuid(), "port", Vf, "direct", "fa:16:3e:00:00:01", 101)]);

    private static async Task Send<T>(ServiceProbe service, T command) where T : class =>
        await (await service.Bus.GetSendEndpoint(HostAgentQueue.Address("host-1"))).Send(command, Stop);

    private static async Task<HttpStatusCode> SetVfCount(ServiceProbe service, int count) =>
        (await service.Http.PutAsJsonAsync(
            $"/host-agent/hosts/host-1/pfs/{Pf}", new { numVfs = count }, Stop)).StatusCode;

    private static async Task<JsonNode> Function(ServiceProbe service, string address)
    {
        var hosts = await service.Http.GetFromJsonAsync<JsonArray>("/host-agent/hosts", Stop);
        return hosts![0]!["functions"]!.AsArray().Single(f => (string?)f!["device"]!["address"] == address)!;
    }
}
