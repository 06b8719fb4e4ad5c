using Platform.Gateway.Owners;

namespace Platform.Gateway.Api;

/// <summary>Hosts, their functions and their pools, as the inventory has them now.</summary>
internal static class FleetApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/hosts", (OwnersClient owners, CancellationToken stop) => owners.Hosts(stop))
            .WithSummary("The hosts, and whether their agents are heard.");
        api.MapGet("/devices", (OwnersClient owners, CancellationToken stop, string? host = null) =>
                owners.Devices(host, stop))
            .WithSummary("The PCI functions, and which boot holds which. Of one host with ?host=.");
        api.MapGet("/projects/{projectId}/quota",
                (string projectId, OwnersClient owners, CancellationToken stop) =>
                    owners.Quota(projectId, stop))
            .WithSummary("How many functions a project's boots may hold, and do.");
        api.MapGet("/pools", (OwnersClient owners, CancellationToken stop) => owners.Pools(stop))
            .WithSummary("What can still be had, host by host.");
    }
}
