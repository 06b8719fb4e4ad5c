using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.EventStore;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;
using Platform.Pci;

namespace Platform.Inventory.Consumers;

/// <summary>
/// All that agents say of their hosts, on one queue and one after another: a sequence has gaps only where
/// something was lost, not where two messages overtook each other.
/// </summary>
public sealed partial class AgentEventsConsumer(
    HostStreams hosts,
    [FromKeyedServices(InventoryService.Name)] IEventStore store,
    ILastHeard heard,
    ILogger<AgentEventsConsumer> log) :
    IConsumer<AgentStarted>, IConsumer<AgentHeartbeat>, IConsumer<HostReported>, IConsumer<DeviceDiscovered>,
    IConsumer<DeviceChanged>, IConsumer<DeviceLost>, IConsumer<VfCountChanged>
{
    public const string Queue = "inventory-agent-events";

    public async Task Consume(ConsumeContext<AgentStarted> context)
    {
        var (hostId, instanceId) = context.Message;
        var noInstance = instanceId == Guid.Empty ? "The agent has no instance id." : null;
        if ((HostId.Problem(hostId) ?? noInstance) is { } problem)
        {
            NotRead(hostId, problem);
            return;
        }

        var admission = await hosts.Decide(
            hostId, (host, _) => Registration.Decide(host, hostId, instanceId), context.CancellationToken);

        if (admission is null)
        {
            EarlierLife(hostId, instanceId);
            return;
        }

        await heard.Note(hostId, context.CancellationToken);
        await context.SendToAgent(hostId, new AdmitAgent(
            hostId, instanceId, admission.Epoch,
            admission.Fences.ToDictionary(fence => fence.Key.ToString(), fence => fence.Value)),
            context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<AgentHeartbeat> context)
    {
        var (hostId, epoch, sequence) = context.Message;
        var view = HostId.Problem(hostId) is null
            ? await store.LoadView<HostView>(hostId, context.CancellationToken)
            : null;
        if (view is null || view.Epoch != epoch)
            return;

        await heard.Note(hostId, context.CancellationToken);
        if (Liveness.NeedsReport(view.Online, view.Sequence, sequence))
            await context.SendToAgent(hostId, new ReportHost(hostId, epoch), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<HostReported> context)
    {
        var (hostId, epoch, sequence, devices, cells) = context.Message;
        return devices is null
            ? Skip(hostId, "The report has no list of devices.")
            : Take(context, hostId, epoch, sequence, new Observation.Everything(
                Devices(hostId, devices), Reading.Cells(cells)));
    }

    public Task Consume(ConsumeContext<DeviceDiscovered> context)
    {
        var (hostId, epoch, sequence, device) = context.Message;
        return Take(context, hostId, epoch, sequence, new Observation.Some(Devices(hostId, [device])));
    }

    public Task Consume(ConsumeContext<DeviceChanged> context)
    {
        var (hostId, epoch, sequence, device) = context.Message;
        return Take(context, hostId, epoch, sequence, new Observation.Some(Devices(hostId, [device])));
    }

    public Task Consume(ConsumeContext<DeviceLost> context)
    {
        var (hostId, epoch, sequence, text, reason) = context.Message;
        return PciAddress.TryParse(text, out var address, out var problem)
            ? Take(context, hostId, epoch, sequence, new Observation.Gone(address, reason ?? ""))
            : Skip(hostId, problem!);
    }

    public Task Consume(ConsumeContext<VfCountChanged> context)
    {
        var m = context.Message;
        return !PciAddress.TryParse(m.PfAddress, out var pf, out var problem) ? Skip(m.HostId, problem!)
            : m.Vfs is null ? Skip(m.HostId, $"The VF count of {pf} came without its VFs.")
            : Take(context, m.HostId, m.Epoch, m.Sequence, new Observation.VfsOf(
                pf, m.NumVfs, m.TotalVfs, Devices(m.HostId, m.Vfs)));
    }

    private async Task Take(
        ConsumeContext context, string hostId, long epoch, long sequence, Observation observation)
    {
        if (HostId.Problem(hostId) is { } problem)
        {
            NotRead(hostId, problem);
            return;
        }

        var answer = await hosts.Decide(
            hostId, (host, _) => Reporting.Decide(host, epoch, sequence, observation),
            context.CancellationToken);

        if (answer != Heard.Dropped)
            await heard.Note(hostId, context.CancellationToken);
        if (answer == Heard.Gap)
            await context.SendToAgent(hostId, new ReportHost(hostId, epoch), context.CancellationToken);
    }

    // One bad device is skipped, and not fatal to the others.
    private IReadOnlyList<PciDevice> Devices(string hostId, IReadOnlyList<Device> devices)
    {
        var problems = new List<string>();
        var read = Reading.Devices(devices, problems);
        foreach (var problem in problems)
            NotRead(hostId, problem);
        return read;
    }

    // Its sequence is then missed, and the next event asks for a whole report.
    private Task Skip(string hostId, string problem)
    {
        NotRead(hostId, problem);
        return Task.CompletedTask;
    }

    [LoggerMessage(2, LogLevel.Warning, "Something the agent of host {HostId} said is skipped: {Problem}")]
    private partial void NotRead(string hostId, string problem);

    [LoggerMessage(
        3, LogLevel.Information, "Agent {InstanceId} of host {HostId} has had its life: not admitted again")]
    private partial void EarlierLife(string hostId, Guid instanceId);
}
