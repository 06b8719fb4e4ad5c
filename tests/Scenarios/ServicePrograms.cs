using Platform.AllInOne.Demonstration;
using Platform.ServiceDefaults;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>
/// Every service as a process of its own, as it is run for real: the built programs, on real servers, with
/// one simulated host, exporting their traces to a collector.
/// </summary>
public sealed class ServicePrograms(TestServers servers) : IAsyncLifetime
{
    /// <summary>A virtual machine whose plug always fails.</summary>
    public const string UnpluggableVm = "vm-unpluggable";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly string[] Names =
        ["inventory", "scheduler", "network-binding", "host-agent", "gateway"];

    private readonly string folder = TestFolder.Create("services");
    private readonly Dictionary<string, Uri> addresses =
        Names.ToDictionary(name => name, _ => new Uri($"http://127.0.0.1:{FreePort.Next()}/"));

    private readonly Dictionary<string, ServerProcess> processes = [];
    private Dictionary<string, string> settings = [];
    private ApiClient networks = null!;
    private string network = "";

    internal SpanCollector Spans { get; private set; } = null!;

    /// <summary>The gateway's.</summary>
    internal ApiClient Api { get; private set; } = null!;

    internal Uri Gateway => addresses["gateway"];

    public async ValueTask InitializeAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        await servers.StartBoth();
        Spans = await SpanCollector.Start(stop);
        settings = await Settings(stop);
        Api = new(Gateway);
        networks = new(addresses["network-binding"]);

        await Task.WhenAll(Names.Select(name => Start(name, stop)));
        await Api.HostsOnline(1, stop);
        network = await networks.CreateNetwork("blue", "physnet1", 101, stop);
    }

    internal Task<string> CreatePort(CancellationToken stop) => networks.CreatePort(network, stop);

    internal async Task Start(string name, CancellationToken stop)
    {
        var program = Path.Combine(AppContext.BaseDirectory, $"Platform.{ServiceModule.SectionOf(name)}.dll");
        Dictionary<string, string> own = new(settings) { ["Urls"] = addresses[name].ToString() };
        var process = processes[name] = ServerProcess.Start(folder, name, $"dotnet '{program}'", own);
        using var client = new HttpClient { BaseAddress = addresses[name] };
        await Eventually.True($"{name} is healthy", () => IsHealthy(process, client, stop), stop, StartLimit);
    }

    /// <summary>kill -9.</summary>
    internal void Kill(string name) => processes[name].Kill();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes.Values)
            process.Stop("TERM");
        Api?.Dispose();
        networks?.Dispose();
        if (Spans is not null)
            await Spans.DisposeAsync();
        TestFolder.Remove(folder);
    }

    private async Task<Dictionary<string, string>> Settings(CancellationToken stop) => new()
    {
        ["ConnectionStrings__Postgres"] = await servers.CreateDatabase(stop),
        ["ConnectionStrings__RabbitMq"] = await servers.CreateVhost(stop),
        ["Logging__LogLevel__Default"] = "Warning",
        ["Services__inventory"] = addresses["inventory"].ToString(),
        ["Services__scheduler"] = addresses["scheduler"].ToString(),
        ["HostAgent__AdmissionInterval"] = "00:00:00.5",
        ["HostAgent__Hosts__0__HostId"] = "host-0",
        ["HostAgent__Hosts__0__Pfs__0__Address"] = "0000:3b:00.0",
        ["HostAgent__Hosts__0__Pfs__0__PhysicalNetwork"] = "physnet1",
        ["HostAgent__Hosts__0__Pfs__0__NumVfs"] = "8",
        ["HostAgent__Faults__0__Operation"] = "plug",
        ["HostAgent__Faults__0__VmId"] = UnpluggableVm,
        ["HostAgent__Faults__0__Times"] = "-1",
        ["Scheduler__PlugTimeout"] = "00:00:05",
        ["Scheduler__UndoTimeout"] = "00:00:03",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Spans.Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    private static async Task<bool> IsHealthy(
        ServerProcess process, HttpClient client, CancellationToken stop)
    {
        if (process.HasExited)
            throw new InvalidOperationException($"The program ended instead of starting. {process.LogTail}");
        try
        {
            using var answer = await client.GetAsync(new Uri("healthz", UriKind.Relative), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
