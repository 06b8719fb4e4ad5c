using System.Text.Json;
using MassTransit;
using Platform.Contracts.NetworkBinding;
using Platform.NetworkBinding.Domain;
using Platform.NetworkBinding.Storage;
using Platform.Pci.Requests;

namespace Platform.NetworkBinding.Consumers;

/// <summary>
/// Says what ports need, or names every one that cannot be had. It changes nothing, so no time is too late.
/// </summary>
public sealed class ResolvePortsConsumer(PortBindings bindings) : IConsumer<ResolvePorts>
{
    public async Task Consume(ConsumeContext<ResolvePorts> context)
    {
        var (bootId, portIds, _) = context.Message;

        var ports = await bindings.Load(portIds, context.CancellationToken);
        var problems = ports
            .Select(view => new { view.Id, Reason = Problem(view, portIds, bootId) })
            .Where(p => p.Reason != null).DistinctBy(p => p.Id)
            .Select(p => new PortProblem(p.Id, p.Reason!)).ToList();

        await (problems.Count == 0
            ? context.Publish(new PortsResolved(bootId, [.. ports.Select(Resolved)]))
            : context.Publish(new PortResolutionFailed(bootId, problems)));
    }

    private static string? Problem(PortView view, IReadOnlyList<string> asked, Guid bootId)
    {
        if (!Streams.IsId(view.Id))
            return $"'{view.Id}' is no port id: it is a UUID in lower case.";
        return asked.Count(id => id == view.Id) > 1
            ? "It is asked for more than once in one boot."
            : Resolution.Problem(view.Port, bootId);
    }

    private static ResolvedPort Resolved(PortView view) => new(
        view.Id,
        view.Port.NetworkId,
        view.Port.Attributes.VnicType,
        view.Port.PhysicalNetwork,
        view.Port.Segment.VlanId,
        view.Port.Attributes.MacAddress,
        PortNeeds.TrustedOf(JsonElement.Parse(view.Port.Manual.Profile)),
        view.Port.Attributes.NumaAffinityPolicy);
}
