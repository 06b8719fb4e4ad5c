using MassTransit;
using Platform.Contracts.Inventory;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;

namespace Platform.Inventory.Consumers;

/// <summary>Ends the lease of a claim that is in use.</summary>
public sealed class ConfirmClaimConsumer(HostStreams hosts) : IConsumer<ConfirmClaim>
{
    public async Task Consume(ConsumeContext<ConfirmClaim> context)
    {
        var (bootId, claimId, hostId) = context.Message;

        var loss = HostId.Problem(hostId) ?? await hosts.Decide(
            hostId, (host, now) => Confirming.Decide(host, claimId, bootId, now), context.CancellationToken);

        await (loss is null
            ? context.Publish(new ClaimConfirmed(bootId, claimId, hostId))
            : context.Publish(new ClaimLost(bootId, claimId, hostId, loss)));
    }
}
