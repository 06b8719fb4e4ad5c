using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.ServiceDefaults;

/// <summary>The one bus of a process: RabbitMQ with quorum queues, or memory.</summary>
internal static class Bus
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ConsumerStopLimit = TimeSpan.FromSeconds(10);

    public static void AddBus(
        this IServiceCollection services, string service, Connections connections, BusOptions options,
        IReadOnlyList<ServiceModule> modules)
    {
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            // Before the modules' own, so that a retry stands outside an inbox and its transaction.
            bus.AddConfigureEndpointsCallback((_, _, endpoint) => Configure(endpoint, options));

            foreach (var module in modules)
                module.Bus(bus);

            if (connections.RabbitMq is { } address)
                bus.SetBusFactory(new QuorumBusFactory((context, rabbit) =>
                {
                    Declare(rabbit, modules.SelectMany(module => module.Publishes));
                    Use(rabbit, context, service, address, options);
                }));
            else
                bus.UsingInMemory((context, memory) => Use(memory, context, options));
        });
        services.AddReceiveObserver<LostChannels>();
        services.AddSingleton<IReceiveEndpointConnector>(provider => new ConfiguredConnector(
            provider.GetRequiredService<Bind<IBus, IBusInstance>>().Value,
            provider.GetRequiredService<Bind<IBus, IBusRegistrationContext>>().Value));
        services.Configure<MassTransitHostOptions>(host =>
        {
            // A message published before the queues are bound would be lost.
            host.WaitUntilStarted = true;
            host.StopTimeout = StopLimit;
            host.ConsumerStopTimeout = ConsumerStopLimit;
        });
    }

    // Without this, an event's exchange is made with its first: too late for who wants to hear that one.
    private static void Declare(IRabbitMqBusFactoryConfigurator rabbit, IEnumerable<Type> events)
    {
        rabbit.DeployPublishTopology = true;
        foreach (var published in events)
            rabbit.Publish(published);
    }

    private static void Use(
        IRabbitMqBusFactoryConfigurator rabbit, IBusRegistrationContext context, string service, Uri address,
        BusOptions options)
    {
        var user = address.UserInfo.Split(':', 2);
        var vhost = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        var secure = address.Scheme == "amqps";
        var port = address.Port > 0 ? address.Port : secure ? 5671 : 5672;

        rabbit.Host(address.Host, (ushort)port, vhost.Length == 0 ? "/" : vhost, service, host =>
        {
            host.PublisherConfirmation = true;
            host.Username(user[0].Length == 0 ? "guest" : Uri.UnescapeDataString(user[0]));
            host.Password(user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "guest");
            if (secure)
                host.UseSsl(ssl => ssl.ServerName = address.Host);
        });
        rabbit.PrefetchCount = options.Prefetch;
        rabbit.ConcurrentMessageLimit = options.Concurrency;
        rabbit.AddDeserializer(new PlainJson(), isDefault: true);
        rabbit.ConfigureEndpoints(context);
    }

    private static void Use(
        IInMemoryBusFactoryConfigurator memory, IBusRegistrationContext context, BusOptions options)
    {
        memory.ConcurrentMessageLimit = options.Concurrency;
        memory.ConfigureEndpoints(context);
    }

    private static void Configure(IReceiveEndpointConfigurator endpoint, BusOptions options)
    {
        if (endpoint is RabbitMqReceiveEndpointConfiguration rabbit
            && rabbit.Settings is { Durable: true, AutoDelete: false })
            rabbit.SetQuorumQueue();

        endpoint.ConfigureReceive(received => received.UseFilter(new LostChannels()));
        endpoint.UseFilter(new KeptWhileStopping());
        // A server that is away must not eat the tries of a message: it is waited for outside of them, and
        // each time that it is back they are all there again.
        var outageTries = (int)(options.OutageLimit / options.OutageDelay);
        endpoint.UseMessageRetry(retry =>
        {
            retry.Interval(outageTries, options.OutageDelay);
            retry.Handle<Exception>(Outage.Is);
        });
        endpoint.UseMessageRetry(retry =>
        {
            retry.Exponential(
                options.Tries - 1, options.RetryDelay, options.RetryDelayMax, options.RetryDelay);
            retry.Ignore<SerializationException>();
            retry.Ignore<JsonException>();
            retry.Ignore<Exception>(Outage.Is);
        });
    }
}
