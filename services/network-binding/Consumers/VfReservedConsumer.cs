using MassTransit;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.NetworkBinding.Domain;
using Platform.NetworkBinding.Storage;

namespace Platform.NetworkBinding.Consumers;

/// <summary>
/// Binds the ports of a claim, all or none. The order may be repeated while its answer is missing.
/// </summary>
public sealed class VfReservedConsumer(PortBindings bindings) : IConsumer<VfReserved>
{
    public async Task Consume(ConsumeContext<VfReserved> context)
    {
        var order = context.Message;

        var (refused, ports) = await bindings.Bind(
            [.. order.Nics.Select(nic => Order(order, nic))], context.CancellationToken);

        await (refused == null
            ? context.Publish(new PortsBound(
                order.BootId, order.ClaimId, order.HostId, [.. ports.Select(BoundPort.ForPeers)]))
            : context.Publish(new PortBindingFailed(
                order.BootId, order.ClaimId, order.HostId,
                refused.PortId, refused.Reason, refused.Permanent)));
    }

    private static PortOrder Order(VfReserved order, ReservedNic nic) => new(nic.PortId, new BindOrder(
        new(order.BootId, order.ClaimId, order.VmId, order.HostId, Function(nic.Function)),
        nic.PhysicalNetwork,
        order.NotAfter));

    private static BoundFunction? Function(ReservedFunction? function) => function == null
        ? null
        : new(
            function.Address, function.VendorId, function.ProductId, function.DeviceType, function.VfIndex,
            function.PfMacAddress, function.CardSerialNumber);
}
