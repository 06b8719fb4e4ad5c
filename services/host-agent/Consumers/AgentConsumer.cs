using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.HostAgent.Agents;
using Platform.HostAgent.Domain;
using Platform.Pci;

namespace Platform.HostAgent.Consumers;

/// <summary>
/// The commands to one host's agent, translated. One class and one queue for all: they are executed in the
/// order they come. An address that is none cannot be plugged, so to unplug it is done, and to clean it
/// fails.
/// </summary>
public sealed class AgentConsumer(Agent agent, AgentVoice voice) :
    IConsumer<AdmitAgent>,
    IConsumer<ReportHost>,
    IConsumer<PlugVfs>,
    IConsumer<UnplugVfs>,
    IConsumer<CleanDevices>
{
    public async Task Consume(ConsumeContext<AdmitAgent> context)
    {
        var (_, instanceId, epoch, fences) = context.Message;
        var known = fences.Where(f => IsAddress(f.Key))
            .Select(f => KeyValuePair.Create(PciAddress.Parse(f.Key), f.Value));

        if (await agent.Admit(instanceId, epoch, known, context.CancellationToken))
            await voice.Report(context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ReportHost> context) =>
        context.Message.Epoch == agent.State.Epoch
            ? voice.Report(context.CancellationToken)
            : Task.CompletedTask;

    public async Task Consume(ConsumeContext<PlugVfs> context)
    {
        var command = context.Message;
        var malformed = command.Vfs.Select(vf => vf.Address).Concat(Devices(command).Select(d => d.Address))
            .FirstOrDefault(address => !IsAddress(address));

        var failure = malformed == null
            ? await agent.Plug(Order(command), context.CancellationToken)
            : $"'{malformed}' is not a PCI address.";

        await (failure == null
            ? context.Publish(new VfsPlugged(
                command.BootId, command.ClaimId, agent.HostId, command.Generation,
                await Guest(command, context.CancellationToken)))
            : context.Publish(new VfPlugFailed(
                command.BootId, command.ClaimId, agent.HostId, command.Generation, failure)));
    }

    public async Task Consume(ConsumeContext<UnplugVfs> context)
    {
        var (bootId, claimId, _, generation, addresses) = context.Message;

        var outcome = await agent.Unplug(
            claimId, generation, Parse(addresses), context.CancellationToken);

        await (outcome switch
        {
            null => Task.CompletedTask,
            { Failures.Count: 0 } => context.Publish(new VfsUnplugged(
                bootId, claimId, agent.HostId, generation)),
            _ => context.Publish(new VfUnplugFailed(
                bootId, claimId, agent.HostId, generation, string.Join(" ", outcome.Failures.Values))),
        });
    }

    public async Task Consume(ConsumeContext<CleanDevices> context)
    {
        var (_, claimId, generation, addresses) = context.Message;

        var outcome = await agent.Clean(
            generation, Parse(addresses), context.CancellationToken);
        if (outcome == null)
            return;

        var failures = outcome.Failures.Select(f => (Address: f.Key.ToString(), Reason: f.Value))
            .Concat(addresses.Where(a => !IsAddress(a)).Select(a => (a, $"'{a}' is not a PCI address.")));
        foreach (var (address, reason) in failures)
            await context.Publish(new DeviceCleanFailed(agent.HostId, claimId, generation, address, reason));
        if (outcome.Done.Count > 0)
            await context.Publish(new DevicesCleaned(
                agent.HostId, claimId, generation, [.. outcome.Done.Select(a => a.ToString())]));
    }

    private async Task<IReadOnlyList<PluggedDevice>> Guest(PlugVfs command, CancellationToken stop)
    {
        var requests = command.Vfs.Select(vf => (vf.RequestId, vf.Address))
            .Concat(Devices(command).Select(device => (device.RequestId, device.Address)))
            .ToLookup(asked => PciAddress.Parse(asked.Address), asked => asked.RequestId);
        var texts = await agent.GuestXmlOf(Order(command).Functions, stop);
        return
        [
            .. texts.Select(xml => new PluggedDevice(
                requests[xml.Key].First(), xml.Key.ToString(), xml.Value)),
        ];
    }

    private static IReadOnlyList<DevicePlug> Devices(PlugVfs command) => command.Devices ?? [];

    private static PlugOrder Order(PlugVfs command) => new(
        command.ClaimId,
        command.Generation,
        command.NotAfter,
        [
            .. command.Vfs.Select(vf => new PluggedFunction(
                PciAddress.Parse(vf.Address), command.BootId, command.VmId, command.ClaimId,
                command.Generation, vf.PortId, vf.VnicType, vf.MacAddress, vf.Vlan)),
            .. Devices(command).Select(device => new PluggedFunction(
                PciAddress.Parse(device.Address), command.BootId, command.VmId, command.ClaimId,
                command.Generation, PortId: null, VnicType: null, MacAddress: null, Vlan: null)),
        ]);

    private static List<PciAddress> Parse(IEnumerable<string> addresses) =>
        [.. addresses.Where(IsAddress).Select(PciAddress.Parse)];

    private static bool IsAddress(string text) => PciAddress.TryParse(text, out _, out _);
}
