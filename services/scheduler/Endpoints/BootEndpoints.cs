using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.Scheduler.Boots;
using Platform.Scheduler.Domain;
using Platform.Scheduler.Placement;
using Platform.ServiceDefaults.Sagas;

namespace Platform.Scheduler.Endpoints;

/// <summary>What the scheduler tells of its boots. Asked by the gateway.</summary>
public static class BootEndpoints
{
    private const int PageMax = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/scheduler/boots/{bootId:guid}", async (
            Guid bootId, ISagaReader<Boot> boots, CancellationToken stop) =>
                await boots.Load(bootId, stop) is { } boot
                    ? Results.Ok(BootView.Of(boot))
                    : Results.NotFound());
        routes.MapGet("/scheduler/boots/{bootId:guid}/explain", async (
            Guid bootId, ISagaReader<Boot> boots, HostIndex hosts, CancellationToken stop) =>
                await boots.Load(bootId, stop) is { } boot
                    ? Results.Ok(BootExplanation.Of(boot, hosts))
                    : Results.NotFound());
        routes.MapGet("/scheduler/projects/{projectId}/quota", async (
            string projectId, ISagaHolds holds, SchedulerOptions options, CancellationToken stop) =>
                new ProjectQuota(projectId, options.QuotaOf(projectId), await holds.Held(projectId, stop)));
        routes.MapGet("/scheduler/boots", async (
            ISagaReader<Boot> boots, CancellationToken stop, int limit = 100, Guid? after = null) =>
                (await boots.List(Math.Clamp(limit, 1, PageMax), after, stop)).Select(BootView.Of));
    }
}

/// <summary>A boot, as it is shown.</summary>
/// <param name="State">Resolving, Claiming, Binding, Plugging, Confirming, Running, Unplugging, Unbinding,
/// Releasing, Stuck, Failed or Stopped.</param>
public sealed record BootView(
    Guid BootId,
    string? VmId,
    string? ProjectId,
    string State,
    DateTimeOffset RequestedAt,
    string? HostId,
    Guid? ClaimId,
    int Attempts,
    IReadOnlyList<BootNic> Nics,
    IReadOnlyDictionary<string, string?> ExtraSpecs,
    BootPlacement? Placement,
    IReadOnlyList<PortBinding> Bindings,
    IReadOnlyList<ReservedDevice> Devices,
    IReadOnlyList<int>? GuestNumaCells,
    Failure? Failure,
    IReadOnlyDictionary<string, string> StuckSteps,
    bool Releasing,
    IReadOnlyList<TimelineEntry> Timeline)
{
    public static BootView Of(Boot boot) => new(
        boot.CorrelationId,
        boot.VmId,
        boot.ProjectId,
        boot.CurrentState,
        boot.RequestedAt,
        boot.Attempt?.HostId,
        boot.Attempt?.ClaimId,
        boot.Attempts,
        boot.Nics,
        boot.ExtraSpecs,
        boot.Placement,
        boot.Attempt?.Bindings ?? [],
        BootMessages.Devices(boot),
        boot.Attempt?.GuestNumaCells,
        boot.Failure,
        boot.StuckSteps,
        boot.LeftReleasing,
        boot.Timeline);
}

/// <summary>What every host has to say to a boot, as its pools are now (U20).</summary>
/// <param name="Asked">What is asked of a host, one sentence's worth a request. Empty while the boot's ports
/// are not resolved.</param>
/// <param name="Hosts">Those that would do first, then the nearest.</param>
public sealed record BootExplanation(
    Guid BootId, IReadOnlyList<string> Asked, IReadOnlyList<HostVerdict> Hosts)
{
    public static BootExplanation Of(Boot boot, HostIndex hosts)
    {
        var wish = BootDemand.WishOf(boot);
        return new(
            boot.CorrelationId,
            [.. wish.Demand.Requests.Select(request => $"{request.Count} {request.Describe()}")],
            [
                .. hosts.Explain(wish, boot.TriedHosts).Select(verdict => new HostVerdict(
                    verdict.Host.HostId, verdict.Refusal is null, verdict.Refusal?.Code,
                    verdict.Refusal?.Reason)),
            ]);
    }
}

/// <summary>One host's answer.</summary>
/// <param name="Code">Why it will not do; null when it will.</param>
public sealed record HostVerdict(string HostId, bool WillDo, string? Code, string? Reason);

/// <summary>How many functions a project's boots may hold, and do (B33).</summary>
/// <param name="Quota">Null for none; then nothing is counted.</param>
public sealed record ProjectQuota(string ProjectId, int? Quota, int Held);
