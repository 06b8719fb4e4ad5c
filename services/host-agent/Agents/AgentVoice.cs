using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.HostAgent.Domain;
using Platform.Pci;

namespace Platform.HostAgent.Agents;

/// <summary>
/// Says what is on the host. Events leave in the order of their sequence; one that is lost leaves a gap, and
/// the inventory then asks for a full report.
/// </summary>
public sealed class AgentVoice(Agent agent, IPublishEndpoint bus) : IDisposable
{
    private readonly SemaphoreSlim speaking = new(1);
    private IReadOnlyList<PciDevice>? told;

    /// <summary>Asks for admission.</summary>
    public Task Announce(CancellationToken stop) =>
        bus.Publish(new AgentStarted(agent.HostId, agent.InstanceId), stop);

    /// <summary>Everything, again.</summary>
    public Task Report(CancellationToken stop) => Speaking(async () =>
    {
        var devices = await agent.Devices.Read(stop);
        if (await agent.NextEvent(stop) is not { } at)
            return;
        told = devices;
        await bus.Publish(
            new HostReported(
                agent.HostId, at.Epoch, at.Sequence, [.. devices.Select(Wire)],
                [.. agent.Devices.NumaCells.Select(Wire)]),
            stop);
    }, stop);

    /// <summary>What changed since it was last said. Nothing before the first report.</summary>
    public Task ReportChanges(CancellationToken stop) => Speaking(async () =>
    {
        if (told == null)
            return;
        var devices = await agent.Devices.Read(stop);
        var differences = Difference.Between(told, devices);
        if (differences.Count == 0)
            return;
        var there = (await agent.Devices.ReadAll(stop)).Select(device => device.Address).ToHashSet();
        told = devices;
        foreach (var difference in differences)
        {
            if (await agent.NextEvent(stop) is { } at)
                await bus.Publish(Event(difference, at, there), stop);
        }
    }, stop);

    /// <summary>That the agent lives, and how far it has counted.</summary>
    public Task Beat(CancellationToken stop) => Speaking(async () =>
    {
        var now = agent.State;
        if (now.IsAdmitted)
            await bus.Publish(new AgentHeartbeat(agent.HostId, now.Epoch, now.Sequence), stop);
    }, stop);

    public void Dispose() => speaking.Dispose();

    private object Event(Difference difference, AgentState at, HashSet<PciAddress> there) => difference switch
    {
        Difference.Discovered e => new DeviceDiscovered(
            agent.HostId, at.Epoch, at.Sequence, Wire(e.Function)),
        Difference.Changed e => new DeviceChanged(agent.HostId, at.Epoch, at.Sequence, Wire(e.Function)),
        Difference.Lost e => new DeviceLost(
            agent.HostId, at.Epoch, at.Sequence, e.Address.ToString(),
            WhyLost(e.Address, there)),
        Difference.VfCount e => new VfCountChanged(
            agent.HostId, at.Epoch, at.Sequence, $"{e.Pf.Address}", e.Pf.NumVfs ?? 0, e.Pf.TotalVfs ?? 0,
            [.. e.Vfs.Select(Wire)]),
        _ => throw new InvalidOperationException($"Unknown difference {difference}."),
    };

    private string WhyLost(PciAddress address, HashSet<PciAddress> there) =>
        !there.Contains(address) ? "It is not on the host any more."
        : agent.Devices.Uses.TryGetValue(address, out var use) ? $"It is not free any more. {use}"
        : "The host's device spec does not cover it any more.";

    private static Contracts.HostAgent.NumaCell Wire(Pci.NumaCell cell) => new(cell.Id, cell.Socket);

    private static Device Wire(PciDevice device) => new(
        device.Address.ToString(),
        device.VendorId,
        device.ProductId,
        device.Type,
        device.Parent?.ToString(),
        device.VfIndex,
        device.NumaNode,
        device.TotalVfs,
        device.NumVfs,
        device.PfMacAddress,
        device.CardSerialNumber,
        device.Tags,
        device.IommuGroup,
        device.IommuPeers);

    private async Task Speaking(Func<Task> say, CancellationToken stop)
    {
        await speaking.WaitAsync(stop);
        try
        {
            await say();
        }
        finally
        {
            speaking.Release();
        }
    }
}
