using System.Text.Json;
using MassTransit;
using Platform.Contracts.Scheduler;
using Platform.Gateway.Owners;

namespace Platform.Gateway.Api;

/// <summary>Boots: requested, followed, stopped.</summary>
internal static class BootApi
{
    private const int NicsMax = 64;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/boots", Request)
            .WithSummary("Request a boot. The answer names it at once; follow it until its state is final.")
            .Produces<AcceptedBoot>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/boots", List).WithSummary("The boots, newest first.").Produces<IReadOnlyList<Boot>>();
        api.MapGet("/boots/{bootId:guid}", Get)
            .WithSummary("A boot with its timeline, its bindings, and why it failed.")
            .Produces<Boot>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/boots/{bootId:guid}/explain", Explain)
            .WithSummary("What every host has to say to the boot now: which would do, and why others not.")
            .Produces<BootExplanation>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/boots/{bootId:guid}", Stop)
            .WithSummary("Stop: everything the boot holds is taken back.")
            .Produces<AcceptedBoot>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Request(
        BootRequest request, IBus bus, OwnersClient owners, AcceptedBoots accepted, CancellationToken stop)
    {
        if (ProblemOf(request) is { } problem)
            return Problem.Of(StatusCodes.Status400BadRequest, "invalid-request", problem);

        var boot = new BootRequested(
            request.BootId ?? NewId.NextGuid(),
            request.VmId!,
            request.ProjectId!,
            [.. (request.Nics ?? []).Select(nic => new BootNic(nic!.PortId!, nic.Pin))],
            request.ExtraSpecs,
            request.Placement);
        if (request.BootId is not null
            && await owners.Boot(boot.BootId, stop) is { } known
            && !IsSame(boot, known))
            return Problem.Of(
                StatusCodes.Status409Conflict,
                "boot-id-taken",
                $"Boot {boot.BootId} is taken by another request, for {known.VmId}: use a new id.");

        accepted.Add(boot);
        await bus.Publish(boot, stop);
        return Results.Accepted($"/api/boots/{boot.BootId}", new AcceptedBoot(boot.BootId));
    }

    private static async Task<IResult> Get(
        Guid bootId, OwnersClient owners, AcceptedBoots accepted, CancellationToken stop) =>
        await owners.Boot(bootId, stop) is { } boot ? Results.Ok(boot)
            : accepted.Find(bootId) is { } waiting ? Results.Ok(waiting)
            : Problem.UnknownBoot(bootId);

    private static async Task<IResult> Explain(Guid bootId, OwnersClient owners, CancellationToken stop) =>
        await owners.Explain(bootId, stop) is { } explanation
            ? Results.Ok(explanation)
            : Problem.UnknownBoot(bootId);

    private static async Task<IResult> List(
        OwnersClient owners, CancellationToken stop, int limit = 100, Guid? after = null) =>
        limit is < 1 or > 1000
            ? Problem.Of(
                StatusCodes.Status400BadRequest, "invalid-limit", $"limit is {limit}: give 1 to 1000.")
            : Results.Ok(await owners.Boots(limit, after, stop));

    private static async Task<IResult> Stop(
        Guid bootId, IBus bus, OwnersClient owners, AcceptedBoots accepted, CancellationToken stop)
    {
        if (accepted.Find(bootId) is null && await owners.Boot(bootId, stop) is null)
            return Problem.UnknownBoot(bootId);
        await bus.Publish(new StopRequested(bootId), stop);
        return Results.Accepted($"/api/boots/{bootId}", new AcceptedBoot(bootId));
    }

    // The scheduler decides; this only spares the caller a round trip for what is plainly wrong.
    private static string? ProblemOf(BootRequest request) =>
        request.BootId == Guid.Empty ? "bootId is all zeros: give another, or none."
        : string.IsNullOrWhiteSpace(request.VmId) ? "vmId is missing: give the machine's name or UUID."
        : string.IsNullOrWhiteSpace(request.ProjectId) ? "projectId is missing: give the boot's project."
        : request.Nics is (null or []) && string.IsNullOrWhiteSpace(AliasOf(request))
            ? "nics is empty: give 1 to 64, each with a portId, or extraSpecs with pci_passthrough:alias."
        : request.Nics?.Count > NicsMax ? $"nics has {request.Nics.Count} entries: give at most {NicsMax}."
        : request.Nics?.Any(nic => string.IsNullOrWhiteSpace(nic?.PortId)) == true
            ? "A NIC has no portId: give one."
        : null;

    private static string? AliasOf(BootRequest request) =>
        request.ExtraSpecs?.GetValueOrDefault("pci_passthrough:alias");

    private static bool IsSame(BootRequested boot, Boot known) =>
        boot.VmId == known.VmId
        && boot.ProjectId == known.ProjectId
        && boot.Nics.SequenceEqual(known.Nics)
        && known.ExtraSpecs.All(pair => boot.ExtraSpecs?.GetValueOrDefault(pair.Key) == pair.Value)
        && JsonSerializer.Serialize(boot.Placement) == JsonSerializer.Serialize(known.Placement);
}
