using MassTransit;
using MassTransit.Logging;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// What one consumed message sent: collected while its saga runs, stored with it, delivered after.
/// </summary>
internal sealed class SagaOutbox(InboxKey message)
{
    private readonly List<OutboxMessage> owed = [];

    public InboxKey Message => message;

    public IReadOnlyList<OutboxMessage> Owed
    {
        get
        {
            lock (owed)
                return [.. owed];
        }
    }

    public void Add(OutboxMessage sent)
    {
        lock (owed)
            owed.Add(sent);
    }

    /// <summary>A new try begins: with nothing, or with what an earlier consume has left.</summary>
    public void Reset(IReadOnlyList<OutboxMessage> left)
    {
        lock (owed)
        {
            owed.Clear();
            owed.AddRange(left);
        }
    }
}

internal static class OutboxDelivery
{
    /// <summary>
    /// Sends stored messages at once, each with the ids, headers and trace it was sent with, and waits for
    /// the broker's confirms. An expired message is dropped: a broker would refuse it.
    /// </summary>
    public static Task Deliver(
        this ISendEndpointProvider endpoints, IEnumerable<OutboxMessage> messages, DateTime now,
        TimeSpan timeout, CancellationToken stop) =>
        Task.WhenAll(messages
            .Where(message => message.ExpirationTime is not { } end || end > now)
            .Select(message => Deliver(endpoints, message, timeout, stop)));

    private static async Task Deliver(
        ISendEndpointProvider endpoints, OutboxMessage message, TimeSpan timeout, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        var stored = message.ToContext();
        var activity = LogContext.Current?.StartOutboxDeliverActivity(stored);
        try
        {
            var endpoint = await endpoints.GetSendEndpoint(message.DestinationAddress);
            var pipe = new OutboxMessageSendPipe(stored, message.DestinationAddress);
            await endpoint.Send(new SerializedMessageBody(), pipe, limit.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            activity?.AddExceptionEvent(e);
            throw new TimeoutException(
                $"{message.DestinationAddress} did not confirm message {message.MessageId} within {timeout}.",
                e);
        }
        catch (Exception e)
        {
            activity?.AddExceptionEvent(e);
            throw;
        }
        finally
        {
            activity?.Stop();
        }
    }
}
