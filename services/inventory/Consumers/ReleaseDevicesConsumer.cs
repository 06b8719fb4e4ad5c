using MassTransit;
using Platform.Contracts.Inventory;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;

namespace Platform.Inventory.Consumers;

/// <summary>Ends a claim, and has the host's agent clean what it held.</summary>
public sealed class ReleaseDevicesConsumer(HostStreams hosts) : IConsumer<ReleaseDevices>
{
    public async Task Consume(ConsumeContext<ReleaseDevices> context)
    {
        var (bootId, claimId, hostId, reason) = context.Message;

        // A host that cannot be has nothing of the claim.
        var answer = HostId.Problem(hostId) is not null ? new Releasing.Done([], []) : await hosts.Decide(
            hostId, (host, now) => Releasing.Decide(host, claimId, bootId, reason ?? "", now),
            context.CancellationToken);

        if (answer is Releasing.Cleaning cleaning)
            await context.SendClean(
                hostId, claimId, cleaning.Generation, cleaning.Addresses, context.CancellationToken);
        await (answer switch
        {
            Releasing.Cleaning left => context.Publish(new DevicesReleasing(
                bootId, claimId, hostId, left.HostOnline, Telling.Addresses(left.Addresses))),
            Releasing.Done done => context.Publish(new DevicesReleased(
                bootId, claimId, hostId, Telling.Addresses(done.Cleaned),
                Telling.Addresses(done.Quarantined))),
            Releasing.Refused refused =>
                context.Publish(new ReleaseRefused(bootId, claimId, hostId, refused.Reason)),
            _ => throw new InvalidOperationException($"Unknown answer {answer}."),
        });
    }
}
