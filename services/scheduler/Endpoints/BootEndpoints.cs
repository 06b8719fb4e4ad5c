using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Contracts.NetworkBinding;
using Platform.Scheduler.Boots;
using Platform.Scheduler.Domain;
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
    IReadOnlyList<string> PortIds,
    IReadOnlyList<PortBinding> Bindings,
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
        [.. boot.Nics.Select(nic => nic.PortId)],
        boot.Attempt?.Bindings ?? [],
        boot.Failure,
        boot.StuckSteps,
        boot.LeftReleasing,
        boot.Timeline);
}
