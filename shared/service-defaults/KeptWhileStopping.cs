using MassTransit;

namespace Platform.ServiceDefaults;

/// <summary>
/// A process that stops while a server is away has not failed its messages: they stay unacknowledged, and go
/// back to their queue when the channel closes, instead of to the error queue.
/// </summary>
internal sealed class KeptWhileStopping : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (Exception error) when (
            context.CancellationToken.IsCancellationRequested
            && (Outage.Is(error) || error is OperationCanceledException))
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("keptWhileStopping");
}
