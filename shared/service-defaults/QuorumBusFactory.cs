using MassTransit;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;

namespace Platform.ServiceDefaults;

/// <summary>MassTransit's RabbitMQ bus, with <see cref="QuorumTopology"/>.</summary>
internal sealed class QuorumBusFactory : TransportRegistrationBusFactory<IRabbitMqReceiveEndpointConfigurator>
{
    private readonly RabbitMqBusConfiguration configuration;
    private readonly Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> configure;

    public QuorumBusFactory(Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> configure)
        : this(new(new QuorumTopology(RabbitMqBusFactory.CreateMessageTopology())), configure)
    {
    }

    private QuorumBusFactory(
        RabbitMqBusConfiguration configuration,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> configure)
        : base(configuration.HostConfiguration)
    {
        this.configuration = configuration;
        this.configure = configure;
    }

    public override IBusInstance CreateBus(
        IBusRegistrationContext context,
        IEnumerable<IBusInstanceSpecification> specifications,
        string busName) =>
        CreateBus(new RabbitMqBusFactoryConfigurator(configuration), context, configure, specifications);
}
