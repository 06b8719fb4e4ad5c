using MassTransit;
using MassTransit.Logging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>Where a saga's deadline messages go, and what they say.</summary>
internal sealed record DeadlineMessages<TSaga>(string Queue, Func<TSaga, SagaDeadline, object> Create);

/// <summary>
/// Sends a message to every saga whose deadline has passed, again and again until the saga moves on. Any
/// number of replicas share the work; no outage of database or broker ends it.
/// </summary>
internal sealed partial class SagaDeadlines<TSaga>(
    ISagaStorage storage, IBusControl bus, DeadlineMessages<TSaga> messages, TimeProvider clock,
    SagaOptions options, ILogger<SagaDeadlines<TSaga>> log) : BackgroundService
    where TSaga : class, IDeadlineSaga
{
    // The endpoint's exchange: a queue address would declare the queue again, with arguments other than its
    // own.
    private readonly Uri address = new($"exchange:{messages.Queue}");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.DeadlinePoll, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
                while (await SendDue(stoppingToken) == options.BatchSize)
                {
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotLooked(e, typeof(TSaga).Name);
            }
        }
    }

    private async Task<int> SendDue(CancellationToken stop)
    {
        var due = await storage.TakeDue(typeof(TSaga).Name, options.DeadlineRepeat, options.BatchSize, stop);
        await Task.WhenAll(due.Select(stored => Send(stored, stop)));
        return due.Count;
    }

    private async Task Send(StoredSaga stored, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.DeliveryTimeout);
        try
        {
            var saga = SagaJson.Read<TSaga>(stored.Data);
            if (saga.Deadline is not { } deadline)
                return;
            var endpoint = await bus.GetSendEndpoint(address);
            await endpoint.Send(
                messages.Create(saga, deadline),
                Pipe.Execute<SendContext>(context => Trace(context, deadline)),
                limit.Token);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogNotSent(e, typeof(TSaga).Name, stored.CorrelationId, options.DeadlineRepeat);
        }
    }

    // Nothing is traced here: the sender takes its parent from this header.
    private static void Trace(SendContext context, SagaDeadline deadline)
    {
        if (deadline.Trace is { } trace)
            context.Headers.Set(DiagnosticHeaders.ActivityId, trace);
    }

    [LoggerMessage(402, LogLevel.Warning,
        "Passed deadlines of {Saga} could not be looked for; the next look tries again.")]
    private partial void LogNotLooked(Exception e, string saga);

    [LoggerMessage(403, LogLevel.Warning,
        "The deadline of {Saga} {SagaId} was not sent; it is tried again in {Again}.")]
    private partial void LogNotSent(Exception e, string saga, Guid sagaId, TimeSpan again);
}
