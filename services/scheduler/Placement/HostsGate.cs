using MassTransit;

namespace Platform.Scheduler.Placement;

/// <summary>
/// Keeps boots waiting in their queue until the hosts were heard of once: before that nobody may be refused.
/// It stands before inbox and transaction, so that whoever waits holds nothing.
/// </summary>
public sealed class HostsGate(HostIndex hosts) : IConfigureReceiveEndpoint, IFilter<ConsumeContext>
{
    /// <summary>The boots' queue.</summary>
    public const string Queue = "boot";

    public void Configure(string name, IReceiveEndpointConfigurator configurator)
    {
        if (name == Queue)
            configurator.UseFilter(this);
    }

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        await hosts.Loaded.WaitAsync(context.CancellationToken);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("hosts");
}
