using MassTransit;

namespace Platform.ServiceDefaults;

/// <summary>
/// A message whose channel is lost, or whose process stops before it is done, has not failed: it goes back to
/// its queue. Nor is its consumer waited for. The client tells the channels of a dead connection one after
/// another, each when its consumers have returned; one that waits for another channel, to publish, would
/// keep all of them from ever being told.
/// </summary>
internal sealed class KeptWhileStopping : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context).WaitAsync(context.CancellationToken);
        }
        catch (Exception error) when (context.CancellationToken.IsCancellationRequested && Outage.Is(error))
        {
            // The one exception that MassTransit does not take for a failure of the message.
            throw new OperationCanceledException(error.Message, error, context.CancellationToken);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("keptWhileStopping");
}
