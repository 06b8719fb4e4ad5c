using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.Pci;
using Platform.Pci.Requests;
using Platform.Scheduler.Domain;
using DeviceRequest = Platform.Contracts.Inventory.DeviceRequest;

namespace Platform.Scheduler.Boots;

/// <summary>What a boot says, made from what it is. Nothing here decides.</summary>
internal sealed class BootMessages(SchedulerOptions options, TimeProvider clock)
{
    public ResolvePorts ResolvePorts(Boot boot) =>
        new(boot.CorrelationId, [.. boot.Nics.Select(nic => nic.PortId)], Within(options.ResolveTimeout));

    public ClaimDevices ClaimDevices(Boot boot) => ClaimDevices(boot, BootDemand.Of(boot));

    private ClaimDevices ClaimDevices(Boot boot, Demand demand) => new(
        boot.CorrelationId,
        boot.VmId!,
        boot.Attempt!.ClaimId,
        boot.Attempt.HostId,
        [.. demand.Requests.Select(Request)],
        (int)options.Lease.TotalSeconds,
        Within(options.ClaimTimeout),
        demand.Groups.Count == 0
            ? null
            : [
                .. demand.Groups.Select(group => new DeviceGroup(
                    GroupText.Write(group.Grouping), GroupText.Write(group.By), group.RequestIds)),
            ],
        demand.GuestCells);

    public VfReserved VfReserved(Boot boot) => new(
        boot.CorrelationId,
        boot.VmId!,
        boot.Attempt!.ClaimId,
        boot.Attempt.HostId,
        boot.Attempt.Generation,
        Within(options.BindTimeout),
        [.. boot.Needs.Select(need => Reserved(need, boot.Attempt.Devices))],
        Devices(boot),
        boot.Attempt.GuestNumaCells);

    public PlugVfs PlugVfs(Boot boot) => new(
        boot.CorrelationId,
        boot.VmId!,
        boot.Attempt!.ClaimId,
        boot.Attempt.HostId,
        boot.Attempt.Generation,
        Within(options.PlugTimeout),
        [
            .. from need in boot.Needs
               join device in boot.Attempt.Devices on need.RequestId equals device.RequestId
               select new VfPlug(
                   need.RequestId,
                   need.Port.PortId,
                   device.Address,
                   need.Port.VnicType,
                   need.Port.MacAddress,
                   need.Port.Vlan),
        ],
        [.. Devices(boot).Select(device => new DevicePlug(device.RequestId, device.Function.Address))]);

    public static ConfirmClaim ConfirmClaim(Boot boot) =>
        new(boot.CorrelationId, boot.Attempt!.ClaimId, boot.Attempt.HostId);

    public static UnplugVfs UnplugVfs(Boot boot) => new(
        boot.CorrelationId,
        boot.Attempt!.ClaimId,
        boot.Attempt.HostId,
        boot.Attempt.Generation,
        [.. boot.Attempt.Devices.Select(device => device.Address)]);

    public static UnbindPorts UnbindPorts(Boot boot) => new(
        boot.CorrelationId,
        boot.Attempt!.ClaimId,
        boot.Attempt.HostId,
        [.. boot.Nics.Select(nic => nic.PortId)]);

    public static ReleaseDevices ReleaseDevices(Boot boot) => new(
        boot.CorrelationId,
        boot.Attempt!.ClaimId,
        boot.Attempt.HostId,
        boot.StopWanted ? "The virtual machine was stopped." : boot.Failure?.Reason ?? "The attempt failed.");

    public static BootSucceeded BootSucceeded(Boot boot) => new(
        boot.CorrelationId, boot.VmId!, boot.Attempt!.ClaimId, boot.Attempt.HostId, boot.Attempt.Bindings,
        Devices(boot), boot.Attempt.GuestNumaCells);

    public static BootFailed BootFailed(Boot boot)
    {
        var failure = boot.Failure!;
        var refusals = failure.Nearest ?? [.. boot.TriedHosts.Values];
        return new(
            boot.CorrelationId,
            boot.VmId ?? "",
            failure.Code,
            failure.Reason,
            boot.Attempts,
            failure.RefusedHosts ?? refusals.CountBy(r => r.Code).ToDictionary(StringComparer.Ordinal),
            [.. refusals.Select(r => new HostRefusal(r.HostId, r.Code, r.Reason))],
            failure.NearestMiss,
            boot.LeftReleasing);
    }

    public static BootStopped BootStopped(Boot boot) =>
        new(boot.CorrelationId, boot.VmId, boot.LeftReleasing);

    public static BootStuck BootStuck(Boot boot)
    {
        var (step, reason) = boot.StuckSteps.OrderBy(stuck => stuck.Key, StringComparer.Ordinal).First();
        return new(boot.CorrelationId, boot.Attempt!.ClaimId, boot.Attempt.HostId, step, reason);
    }

    public static BootRequestRejected BootRequestRejected(Boot boot) => new(
        boot.CorrelationId,
        boot.VmId is null
            ? $"Boot {boot.CorrelationId} was stopped before it was requested: request it under a new id."
            : $"Boot {boot.CorrelationId} is taken by another request, for {boot.VmId}: use a new id.");

    public static Uri Agent<T>(BehaviorContext<Boot, T> context) where T : class =>
        HostAgentQueue.Address(context.Saga.Attempt!.HostId);

    private static ReservedNic Reserved(NicNeed need, IReadOnlyList<ClaimedDevice> devices)
    {
        var device = devices.FirstOrDefault(d => d.RequestId == need.RequestId);
        return new(
            need.Port.PortId,
            need.RequestId,
            need.Port.PhysicalNetwork,
            device is null ? null : Function(device));
    }

    /// <summary>The functions of the attempt that were asked for by alias.</summary>
    public static IReadOnlyList<ReservedDevice> Devices(Boot boot) =>
    [
        .. from need in boot.Devices
           join device in boot.Attempt?.Devices ?? [] on need.RequestId equals device.RequestId
           select new ReservedDevice(need.RequestId, need.Alias, Function(device)),
    ];

    private static ReservedFunction Function(ClaimedDevice device) => new(
        device.Address,
        device.VendorId,
        device.ProductId,
        device.DeviceType,
        device.ParentAddress,
        device.VfIndex,
        device.NumaNode,
        device.PfMacAddress,
        device.CardSerialNumber);

    private static DeviceRequest Request(PciRequest request) => new(
        request.RequestId,
        request.Count,
        request.Spec,
        request.NumaPolicy is { } policy ? NumaPolicyText.Write(policy) : null,
        request.Pin?.ToString());

    private DateTimeOffset Within(TimeSpan limit) => clock.GetUtcNow() + limit;
}
