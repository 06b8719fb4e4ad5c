using MassTransit;
using Platform.NetworkBinding.Api;
using Platform.NetworkBinding.Consumers;
using Platform.NetworkBinding.Storage;
using Platform.ServiceDefaults;

namespace Platform.NetworkBinding;

/// <summary>What the network-binding service is made of.</summary>
public static class NetworkBindingService
{
    public static readonly ServiceModule Module =
        new(Streams.Service, AddServices, AddConsumers, MapEndpoints);

    private static void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddSettings<NetworkBindingOptions>(NetworkBindingOptions.Section);
        builder.AddEventStore(Streams.Service, Streams.Options);
        builder.Services.AddSingleton<Decisions>();
        builder.Services.AddSingleton<PortBindings>();
        builder.Services.AddSingleton<Ports>();
        builder.Services.AddSingleton<Networks>();
    }

    private static void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ResolvePortsConsumer>();
        bus.AddConsumer<VfReservedConsumer>();
        bus.AddConsumer<UnbindPortsConsumer>();
    }

    // Under Neutron's own paths: its clients need no other address than the service's.
    private static void MapEndpoints(IEndpointRouteBuilder routes)
    {
        NetworkApi.Map(routes);
        PortApi.Map(routes);
    }
}
