using MassTransit;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client.Exceptions;

namespace Platform.ServiceDefaults;

/// <summary>
/// Hides a lost channel from MassTransit's consumer, which would close it again from inside a delivery. The
/// client waits for its deliveries before it closes, so that one would wait for itself, for ever, and the
/// other channels of the dead connection would never be told.
/// </summary>
internal sealed class LostChannels : IReceiveObserver, IFilter<ReceiveContext>
{
    public Task PreReceive(ReceiveContext context) =>
        context.TryGetPayload<ChannelContext>(out var channel) && channel.Channel.IsClosed
            ? throw new TransportUnavailableException("The channel was lost before the message was handled.")
            : Task.CompletedTask;

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (Exception lost) when (IsLost(lost))
        {
            throw new TransportUnavailableException(
                "The channel was lost while the message was handled.", lost);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("lostChannels");

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(
        ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    /// <summary>An acknowledgement fails so, too; it is outside of the pipe.</summary>
    public Task ReceiveFault(ReceiveContext context, Exception exception) =>
        IsLost(exception) && context.TryGetPayload<ChannelContext>(out var channel) && IsDead(channel)
            ? throw new TransportUnavailableException(
                "The channel was lost before the message was acknowledged.", exception)
            : Task.CompletedTask;

    private static bool IsLost(Exception exception) =>
        exception is OperationInterruptedException or EndOfStreamException;

    private static bool IsDead(ChannelContext channel) =>
        channel.Channel.IsClosed || !channel.ConnectionContext.Connection.IsOpen;
}
