using MassTransit;
using Platform.Contracts.Inventory;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;

namespace Platform.Inventory.Consumers;

/// <summary>Gives functions of a host to a claim.</summary>
public sealed class ClaimDevicesConsumer(HostStreams hosts) : IConsumer<ClaimDevices>
{
    public async Task Consume(ConsumeContext<ClaimDevices> context)
    {
        var asked = context.Message;
        var order = Reading.Order(asked);

        var answer = HostId.Problem(asked.HostId) is { } problem
            ? new Claiming.Refused("invalid", problem, HostInventory.Empty)
            : await hosts.Decide(
                asked.HostId, (host, now) => Claiming.Decide(host, order, now), context.CancellationToken,
                order.NotAfter,
                host => new Claiming.Refused("conflict", "Others claimed all the while.", host));

        await (answer switch
        {
            Claiming.Held held => context.Publish(new DevicesClaimed(
                asked.BootId, asked.ClaimId, asked.HostId, held.Generation,
                [.. held.Devices.Select(Telling.Claimed)], held.LeaseUntil,
                held.GuestCells)),
            Claiming.Refused refused => context.Publish(new ClaimRejected(
                asked.BootId, asked.ClaimId, asked.HostId, refused.Code, refused.Reason, refused.Host.Version,
                refused.Host.Online, Telling.Pools(new Offer(refused.Host).Pools()),
                Telling.Cells(refused.Host.Cells))),
            _ => throw new InvalidOperationException($"Unknown answer {answer}."),
        });
    }
}
