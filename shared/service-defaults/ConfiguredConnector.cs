using MassTransit;
using MassTransit.Transports;

namespace Platform.ServiceDefaults;

/// <summary>
/// Gives an endpoint that is connected while the bus runs the same retries and the same kind of queue as the
/// others. MassTransit's own connector does so only for those who name the transport.
/// </summary>
internal sealed class ConfiguredConnector(IBusInstance bus, IBusRegistrationContext registrations)
    : IReceiveEndpointConnector
{
    public HostReceiveEndpointHandle ConnectReceiveEndpoint(
        IEndpointDefinition definition,
        IEndpointNameFormatter? endpointNameFormatter,
        Action<IBusRegistrationContext, IReceiveEndpointConfigurator>? configure = null) =>
        bus.ConnectReceiveEndpoint(definition, endpointNameFormatter, (context, endpoint) =>
            Configure(
                definition.GetEndpointName(NameFormatter(endpointNameFormatter)),
                context, endpoint, configure));

    public HostReceiveEndpointHandle ConnectReceiveEndpoint(
        string queueName, Action<IBusRegistrationContext, IReceiveEndpointConfigurator>? configure = null) =>
        bus.ConnectReceiveEndpoint(
            queueName, (context, endpoint) => Configure(queueName, context, endpoint, configure));

    private static IEndpointNameFormatter NameFormatter(IEndpointNameFormatter? given) =>
        given ?? KebabCaseEndpointNameFormatter.Instance;

    private void Configure(
        string queueName,
        IBusRegistrationContext context,
        IReceiveEndpointConfigurator endpoint,
        Action<IBusRegistrationContext, IReceiveEndpointConfigurator>? configure)
    {
        registrations.GetConfigureReceiveEndpoints().Configure(queueName, endpoint);
        configure?.Invoke(context, endpoint);
    }
}
