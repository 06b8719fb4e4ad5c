using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Platform.HostAgent;
using Platform.Inventory;
using Platform.ServiceDefaults;
using Platform.Support;

namespace Platform.Integration.Tests.HostAgent;

/// <summary>Simulated agents and the real inventory: what the hardware has, the inventory shows.</summary>
public class FleetTests(TestServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("invariant", "8")]
    public async Task Agents_are_admitted_and_a_changed_VF_count_reaches_the_inventory(bool isDistributed)
    {
        await using var app = PlatformHost.Build(
            [
                "--Urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error",
                "--HostAgent:AdmissionInterval=00:00:00.200", "--HostAgent:HeartbeatInterval=00:00:00.500",
                .. Enumerable.Range(0, 3).SelectMany(Host), .. await Connections(isDistributed),
            ],
            [InventoryService.Module, HostAgentService.Module]);
        await app.StartAsync(Stop);
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };

        await Eventually.True("all hosts are online", async () =>
            (await Get(http, "/inventory/hosts")).Count(host => (bool)host!["online"]!) == 3, Stop);
        Assert.Equal(5, await Functions(http));

        (await http.PutAsJsonAsync("/host-agent/hosts/host-1/pfs/0000:3b:00.0", new { numVfs = 0 }, Stop))
            .EnsureSuccessStatusCode();
        await Eventually.True("the VFs are gone", async () => await Functions(http) == 1, Stop);
        await app.StopAsync(Stop);
    }

    private static IEnumerable<string> Host(int index) =>
    [
        $"--HostAgent:Hosts:{index}:HostId=host-{index}",
        $"--HostAgent:Hosts:{index}:Pfs:0:Address=0000:3b:00.0",
        $"--HostAgent:Hosts:{index}:Pfs:0:PhysicalNetwork=physnet1",
        $"--HostAgent:Hosts:{index}:Pfs:0:NumVfs=4",
    ];

    private async Task<IReadOnlyList<string>> Connections(bool isDistributed) => isDistributed
        ? [
            $"--ConnectionStrings:RabbitMq={await servers.CreateVhost(Stop)}",
            $"--ConnectionStrings:Postgres={await servers.CreateDatabase(Stop)}",
        ]
        : [];

    private static async Task<int> Functions(HttpClient http) =>
        (await Get(http, "/inventory/devices?host=host-1")).Count;

    private static async Task<JsonArray> Get(HttpClient http, string path) =>
        (await http.GetFromJsonAsync<JsonArray>(path, Stop))!;
}
