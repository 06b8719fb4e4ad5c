using MassTransit;

namespace Platform.ServiceDefaults;

/// <summary>
/// Whoever stops, or loses its channel, while a server is away has not failed its messages: they go back to
/// their queue instead of to the error queue.
/// </summary>
internal sealed class KeptWhileStopping : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (Exception error) when (context.CancellationToken.IsCancellationRequested && Outage.Is(error))
        {
            // The one exception that MassTransit does not take for a failure of the message.
            throw new OperationCanceledException(error.Message, error, context.CancellationToken);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("keptWhileStopping");
}
