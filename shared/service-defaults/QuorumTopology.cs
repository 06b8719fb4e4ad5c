using MassTransit;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RabbitMqTransport.Topology;
using MassTransit.Topology;

namespace Platform.ServiceDefaults;

/// <summary>
/// A sender to <c>queue:name</c> declares that queue, so that a command waits for a consumer that was never
/// started. MassTransit declares it a classic queue there, which the broker refuses beside the consumer's
/// quorum queue; here both sides declare the same.
/// </summary>
internal sealed class QuorumTopology : IRabbitMqTopologyConfiguration
{
    public QuorumTopology(IMessageTopologyConfigurator messages)
    {
        Message = messages;
        Send.ConnectSendTopologyConfigurationObserver(
            new DelegateSendTopologyConfigurationObserver(GlobalTopology.Send));
        Send.TryAddConvention(new RoutingKeySendTopologyConvention());

        Publish = new RabbitMqPublishTopology(messages);
        Publish.ConnectPublishTopologyConfigurationObserver(
            new DelegatePublishTopologyConfigurationObserver(GlobalTopology.Publish));
        Publish.ConnectPublishTopologyConfigurationObserver(
            new PublishToSendTopologyConfigurationObserver(Send));

        Consume = new RabbitMqConsumeTopology(messages, Publish);
    }

    public IMessageTopologyConfigurator Message { get; }

    public IRabbitMqSendTopologyConfigurator Send { get; } = new QuorumSendTopology();

    public IRabbitMqPublishTopologyConfigurator Publish { get; }

    public IRabbitMqConsumeTopologyConfigurator Consume { get; }

    ISendTopologyConfigurator ITopologyConfiguration.Send => Send;

    IPublishTopologyConfigurator ITopologyConfiguration.Publish => Publish;

    IConsumeTopologyConfigurator ITopologyConfiguration.Consume => Consume;

    public IEnumerable<ValidationResult> Validate() =>
        Send.Validate().Concat(Publish.Validate()).Concat(Consume.Validate());

    private sealed class QuorumSendTopology : RabbitMqSendTopology, IRabbitMqSendTopologyConfigurator
    {
        public QuorumSendTopology()
            : base(RabbitMqEntityNameValidator.Validator)
        {
            ConfigureErrorSettings = ForOperators;
            ConfigureDeadLetterSettings = ForOperators;
        }

        SendSettings IRabbitMqSendTopology.GetSendSettings(RabbitMqEndpointAddress address)
        {
            var settings = new RabbitMqSendSettings(address);
            if (address is { BindToQueue: true, Durable: true, AutoDelete: false })
                settings.SetQueueArgument(RabbitMQ.Client.Headers.XQueueType, "quorum");
            return settings;
        }

        // They are as their endpoint's queue, except that people look into them: the broker lets nobody get a
        // message from a quorum queue with a single active consumer.
        private static void ForOperators(IRabbitMqQueueConfigurator kept) =>
            kept.SetQueueArgument(RabbitMQ.Client.Headers.XSingleActiveConsumer, null);
    }
}
