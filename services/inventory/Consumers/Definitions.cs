using MassTransit;

namespace Platform.Inventory.Consumers;

/// <summary>Agents are heard by one replica at a time, one message after another.</summary>
public sealed class AgentEventsConsumerDefinition : ConsumerDefinition<AgentEventsConsumer>
{
    public AgentEventsConsumerDefinition()
    {
        EndpointName = AgentEventsConsumer.Queue;
        // More than one at a time would let an event overtake the one before it.
        ConcurrentMessageLimit = 1;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<AgentEventsConsumer> consumerConfigurator,
        IRegistrationContext context)
    {
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.SingleActiveConsumer = true;
    }
}

/// <summary>Both outcomes of a cleaning come to one queue.</summary>
public sealed class CleanOutcomesConsumerDefinition : ConsumerDefinition<CleanOutcomesConsumer>
{
    public CleanOutcomesConsumerDefinition() => EndpointName = CleanOutcomesConsumer.Queue;
}
