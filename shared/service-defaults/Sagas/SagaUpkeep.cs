using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// Forgets consumed messages that no redelivery can bring back any more, and delivers what a consumer
/// committed but gave up delivering (its message went to the error queue while the broker was away).
/// </summary>
internal sealed partial class SagaUpkeep(
    ISagaStorage storage, IBusControl bus, TimeProvider clock, SagaOptions options, ILogger<SagaUpkeep> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.UpkeepPeriod, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
                await DeliverOwed(stoppingToken);
                while (await storage.ForgetConsumed(options.InboxRetention, options.BatchSize, stoppingToken)
                    == options.BatchSize)
                {
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogUnfinished(e);
            }
        }
    }

    private async Task DeliverOwed(CancellationToken stop)
    {
        var owed = await storage.TakeOwed(options.OwedAfter, options.BatchSize, stop);
        foreach (var message in owed.GroupBy(o => o.Owner, o => o.Message))
        {
            LogOwed(message.Key.MessageId, message.Count());
            try
            {
                await bus.Deliver(message, clock.GetUtcNow().UtcDateTime, options.DeliveryTimeout, stop);
                await storage.MarkDelivered([message.Key], stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // The others must not wait for one that cannot be delivered.
                LogUndelivered(e, message.Key.MessageId);
            }
        }
    }

    [LoggerMessage(404, LogLevel.Warning,
        "Message {MessageId} was consumed but not delivered from: sending its {Count}.")]
    private partial void LogOwed(Guid messageId, int count);

    [LoggerMessage(406, LogLevel.Warning,
        "What was sent from message {MessageId} is still not delivered; the next look tries again.")]
    private partial void LogUndelivered(Exception e, Guid messageId);

    [LoggerMessage(405, LogLevel.Warning,
        "The inbox and outbox were not looked after; the next look tries again.")]
    private partial void LogUnfinished(Exception e);
}
