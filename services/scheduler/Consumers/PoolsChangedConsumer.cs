using MassTransit;
using Platform.Contracts.Inventory;
using Platform.Scheduler.Placement;

namespace Platform.Scheduler.Consumers;

/// <summary>Feeds this replica's index.</summary>
public sealed class PoolsChangedConsumer(HostIndex hosts) : IConsumer<PoolsChanged>
{
    public Task Consume(ConsumeContext<PoolsChanged> context)
    {
        hosts.Apply(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>A temporary queue for each replica: everyone needs every change, and none while away.</summary>
public sealed class PoolsChangedConsumerDefinition : ConsumerDefinition<PoolsChangedConsumer>
{
    private readonly PoolsFeed feed;

    public PoolsChangedConsumerDefinition(PoolsFeed feed)
    {
        this.feed = feed;
        Endpoint(endpoint =>
        {
            endpoint.Name = $"scheduler-pools-{NewId.NextGuid():N}";
            endpoint.Temporary = true;
        });
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<PoolsChangedConsumer> consumerConfigurator,
        IRegistrationContext context) => endpointConfigurator.ConnectReceiveEndpointObserver(feed);
}
