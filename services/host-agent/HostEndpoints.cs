using Platform.HostAgent.Agents;
using Platform.HostAgent.Devices;
using Platform.HostAgent.Devices.Kernel;
using Platform.HostAgent.Devices.Simulated;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Discovery;
using Platform.Pci;

namespace Platform.HostAgent;

/// <summary>What the hosts hold, and an operator's hand on its VF counts.</summary>
internal static class HostEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/host-agent/hosts", async (AgentFleet fleet, CancellationToken stop) =>
            await Task.WhenAll(fleet.ByHost.Values.Select(member => Show(member, stop))));
        routes.MapPut("/host-agent/hosts/{host}/pfs/{address}", SetVfCount);
    }

    private static async Task<IResult> SetVfCount(
        string host, string address, VfCountRequest wanted, AgentFleet fleet, CancellationToken stop)
    {
        if (!fleet.ByHost.TryGetValue(host, out var member))
            return Answer(404, new("ENOENT", $"Host {host} has no agent in this process."));
        if (!PciAddress.TryParse(address, out var pf, out var reason))
            return Answer(400, new("EINVAL", reason!));

        var refusal = await member.Agent.SetVfCount(pf, wanted.NumVfs, stop);
        if (refusal != null)
            return Answer(StatusOf(refusal), refusal);

        await member.Voice.ReportChanges(stop);
        return Results.Ok(await Show(member, stop));
    }

    private static IResult Answer(int status, Refusal refusal) => Results.Json(refusal, statusCode: status);

    private static int StatusOf(Refusal refusal) => refusal.Error switch
    {
        "EBUSY" => 409,
        "ENOENT" => 404,
        "EOPNOTSUPP" => 501,
        _ => 400,
    };

    private static async Task<HostView> Show(FleetAgent member, CancellationToken stop)
    {
        var state = member.Agent.State;
        var hardware = (member.Host as SimulatedHost)?.Hardware;
        var devices = await member.Host.Read(stop);
        var kernel = (member.Host as KernelHost)?.Latest;
        var seen = kernel?.Functions.ToDictionary(function => function.Device.Address);
        return new(member.Agent.HostId, state.Epoch, state.Sequence, [
            .. devices.Select(device => new FunctionView(
                device,
                hardware?.Of(device.Address),
                state.FenceOf(device.Address),
                state.At(device.Address),
                seen?.GetValueOrDefault(device.Address))),
        ], kernel?.Skipped);
    }
}

/// <summary>The number to write to <c>sriov_numvfs</c>.</summary>
public sealed record VfCountRequest(int NumVfs);

/// <summary>A host as it is.</summary>
/// <param name="Skipped">What could not be read, and why; null on a simulated host.</param>
public sealed record HostView(
    string HostId, long Epoch, long Sequence, IReadOnlyList<FunctionView> Functions,
    IReadOnlyList<Skipped>? Skipped);

/// <summary>A function as it is, and whose it is.</summary>
/// <param name="Settings">On a simulated host: what it is set to.</param>
/// <param name="Seen">On a real kernel: its driver, its network devices, and what uses it.</param>
public sealed record FunctionView(
    PciDevice Device, FunctionSettings? Settings, long Fence, PluggedFunction? Plugged, SeenFunction? Seen);
