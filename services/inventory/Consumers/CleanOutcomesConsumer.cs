using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;

namespace Platform.Inventory.Consumers;

/// <summary>Takes note of what an agent could clean and what it could not.</summary>
public sealed partial class CleanOutcomesConsumer(HostStreams hosts, ILogger<CleanOutcomesConsumer> log)
    : IConsumer<DevicesCleaned>, IConsumer<DeviceCleanFailed>
{
    public const string Queue = "inventory-clean-outcomes";

    public Task Consume(ConsumeContext<DevicesCleaned> context)
    {
        var (hostId, claimId, generation, texts) = context.Message;
        var addresses = Reading.Addresses(texts);
        return Take(context, hostId, claimId, (host, now) =>
            Cleaning.Succeed(host, claimId, generation, addresses, now));
    }

    public Task Consume(ConsumeContext<DeviceCleanFailed> context)
    {
        var (hostId, claimId, generation, text, reason) = context.Message;
        return PciAddress(text) is { } address
            ? Take(context, hostId, claimId, (host, now) =>
                Cleaning.Fail(host, claimId, generation, address, reason ?? "", now))
            : Task.CompletedTask;
    }

    private async Task Take(
        ConsumeContext context, string hostId, Guid claimId,
        Func<HostInventory, DateTimeOffset, (CleanProgress? Answer, IReadOnlyList<HostEvent> Events)> decide)
    {
        var progress = HostId.Problem(hostId) is null
            ? await hosts.Decide(hostId, decide, context.CancellationToken)
            : null;

        if (progress is null)
            Ignored(hostId, claimId);
        else if (progress.Over is { } over)
            await context.Publish(new DevicesReleased(
                progress.BootId, claimId, hostId, Telling.Addresses(over.Cleaned),
                Telling.Addresses(over.Quarantined)));
    }

    private static Pci.PciAddress? PciAddress(string? text) =>
        Pci.PciAddress.TryParse(text, out var address, out _) ? address : null;

    [LoggerMessage(1, LogLevel.Information,
        "A cleaning on host {HostId} is ignored: claim {ClaimId} is not being cleaned at that generation")]
    private partial void Ignored(string hostId, Guid claimId);
}
