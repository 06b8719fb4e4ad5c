using MassTransit;
using Platform.Contracts.NetworkBinding;
using Platform.NetworkBinding.Storage;

namespace Platform.NetworkBinding.Consumers;

/// <summary>Takes a claim off its ports. Always answered: a claim that is on none is off them all.</summary>
public sealed class UnbindPortsConsumer(PortBindings bindings) : IConsumer<UnbindPorts>
{
    public async Task Consume(ConsumeContext<UnbindPorts> context)
    {
        var (bootId, claimId, hostId, portIds) = context.Message;

        await bindings.Unbind(claimId, portIds, context.CancellationToken);

        await context.Publish(new PortsUnbound(bootId, claimId, hostId));
    }
}
