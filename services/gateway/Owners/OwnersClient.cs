using System.Net;
using Platform.Contracts.Inventory;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Owners;

/// <summary>Asks the services that own what the API shows.</summary>
public sealed class OwnersClient(IHttpClientFactory clients, ServiceAddresses addresses)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public async Task<Boot?> Boot(Guid bootId, CancellationToken stop)
    {
        using var answer = await Ask("scheduler", $"scheduler/boots/{bootId}", stop);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Read<Boot>("scheduler", answer, stop);
    }

    public async Task<BootExplanation?> Explain(Guid bootId, CancellationToken stop)
    {
        using var answer = await Ask("scheduler", $"scheduler/boots/{bootId}/explain", stop);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : await Read<BootExplanation>("scheduler", answer, stop);
    }

    public Task<IReadOnlyList<Boot>> Boots(int limit, Guid? after, CancellationToken stop) =>
        Get<IReadOnlyList<Boot>>(
            "scheduler", $"scheduler/boots?limit={limit}" + (after is null ? "" : $"&after={after}"), stop);

    public Task<ProjectQuota> Quota(string projectId, CancellationToken stop) => Get<ProjectQuota>(
        "scheduler", $"scheduler/projects/{Uri.EscapeDataString(projectId)}/quota", stop);

    public Task<IReadOnlyList<HostView>> Hosts(CancellationToken stop) =>
        Get<IReadOnlyList<HostView>>("inventory", "inventory/hosts", stop);

    public Task<IReadOnlyList<DeviceView>> Devices(string? hostId, CancellationToken stop) =>
        Get<IReadOnlyList<DeviceView>>(
            "inventory",
            "inventory/devices" + (hostId is null ? "" : $"?host={Uri.EscapeDataString(hostId)}"),
            stop);

    public Task<IReadOnlyList<PoolsChanged>> Pools(CancellationToken stop) =>
        Get<IReadOnlyList<PoolsChanged>>("inventory", "inventory/pools", stop);

    private async Task<T> Get<T>(string service, string path, CancellationToken stop)
    {
        using var answer = await Ask(service, path, stop);
        return await Read<T>(service, answer, stop);
    }

    private async Task<HttpResponseMessage> Ask(string service, string path, CancellationToken stop)
    {
        try
        {
            using var client = clients.CreateClient();
            client.Timeout = Timeout;
            return await client.GetAsync(new Uri(addresses.Of(service), path), stop);
        }
        catch (Exception e) when (
            e is HttpRequestException || (e is TaskCanceledException && !stop.IsCancellationRequested))
        {
            throw new OwnerUnreachableException(service, e.Message, e);
        }
    }

    private static async Task<T> Read<T>(
        string service, HttpResponseMessage answer, CancellationToken stop) =>
        answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<T>(stop))!
            : throw new OwnerUnreachableException(service, $"it answered {(int)answer.StatusCode}");
}

/// <summary>The owner of what was asked cannot be asked now.</summary>
public sealed class OwnerUnreachableException(string service, string reason, Exception? cause = null)
    : Exception($"The {service} service cannot be asked: {reason}. Try again when it runs.", cause);
