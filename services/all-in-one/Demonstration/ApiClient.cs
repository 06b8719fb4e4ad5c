using System.Text.Json;
using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Gateway.Api;

namespace Platform.AllInOne.Demonstration;

/// <summary>A boot as the API shows it, as far as a program that boots looks at it.</summary>
public sealed record BootShown(
    Guid BootId,
    string VmId,
    string State,
    string? HostId,
    IReadOnlyList<PortBinding> Bindings,
    BootFailureShown? Failure,
    IReadOnlyDictionary<string, string> StuckSteps,
    bool Releasing,
    IReadOnlyList<BootMoment> Timeline);

/// <summary>Why it failed.</summary>
public sealed record BootFailureShown(
    string Code,
    string Reason,
    IReadOnlyDictionary<string, int>? RefusedHosts,
    IReadOnlyList<RefusalShown>? Nearest,
    string? NearestMiss);

/// <summary>Why not on this host.</summary>
public sealed record RefusalShown(string HostId, string Code, string Reason);

/// <summary>One moment of it.</summary>
public sealed record BootMoment(DateTimeOffset At, string Step, string Text);

/// <summary>Somebody with the API's address, and nothing else.</summary>
public sealed class ApiClient(Uri address) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient client = new() { BaseAddress = address };

    public void Dispose() => client.Dispose();

    public Task<List<PoolsChanged>> Pools(CancellationToken stop) =>
        Get<List<PoolsChanged>>("api/pools", stop);

    public Task HostsOnline(int count, CancellationToken stop) => Poll(
        () => Get<List<JsonElement>>("api/hosts", stop),
        hosts => hosts.Count(host => host.GetProperty("online").GetBoolean()) == count,
        stop);

    public Task<string> CreateNetwork(
        string name, string physicalNetwork, int vlan, CancellationToken stop) =>
        Create("network", new Dictionary<string, object>
        {
            ["name"] = name,
            ["provider:network_type"] = "vlan",
            ["provider:physical_network"] = physicalNetwork,
            ["provider:segmentation_id"] = vlan,
        }, stop);

    public Task<string> CreatePort(
        string networkId, CancellationToken stop, string vnicType = "direct") =>
        Create("port", new Dictionary<string, object>
        {
            ["network_id"] = networkId,
            ["binding:vnic_type"] = vnicType,
        }, stop);

    public async Task<Guid> Boot(
        string vmId, IEnumerable<string> ports, CancellationToken stop, Guid? bootId = null)
    {
        BootRequest request = new(
            bootId, vmId, "demo", [.. ports.Select(portId => new NicRequest(portId))]);
        return await Boot(request, stop);
    }

    public async Task<Guid> Boot(BootRequest request, CancellationToken stop)
    {
        using var answer = await client.PostAsJsonAsync("api/boots", request, stop);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("bootId").GetGuid();
    }

    public Task<BootShown> Ended(Guid bootId, CancellationToken stop) =>
        Shown(bootId, boot => boot.State is "Running" or "Failed" or "Stopped", stop);

    public Task<BootShown> Shown(Guid bootId, Func<BootShown, bool> isEnough, CancellationToken stop) =>
        Poll(() => Get<BootShown>($"api/boots/{bootId}", stop), isEnough, stop);

    public async Task Stop(Guid bootId, CancellationToken stop)
    {
        using var answer = await client.DeleteAsync(new Uri($"api/boots/{bootId}", UriKind.Relative), stop);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<string> Create(string kind, Dictionary<string, object> fields, CancellationToken stop)
    {
        var body = new Dictionary<string, object> { [kind] = fields };
        using var answer = await client.PostAsJsonAsync($"v2.0/{kind}s", body, stop);
        answer.EnsureSuccessStatusCode();
        var created = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
        return created.GetProperty(kind).GetProperty("id").GetString()!;
    }

    public async Task<T> Get<T>(string path, CancellationToken stop) =>
        (await client.GetFromJsonAsync<T>(path, stop))!;

    private static async Task<T> Poll<T>(Func<Task<T>> ask, Func<T, bool> isEnough, CancellationToken stop)
    {
        while (true)
        {
            var answer = await ask();
            if (isEnough(answer))
                return answer;
            await Task.Delay(PollInterval, stop);
        }
    }
}
