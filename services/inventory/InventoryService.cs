using MassTransit;
using Platform.Contracts.Inventory;
using Platform.Inventory.Background;
using Platform.Inventory.Consumers;
using Platform.Inventory.Storage;
using Platform.ServiceDefaults;

namespace Platform.Inventory;

/// <summary>What the inventory service is made of.</summary>
public static class InventoryService
{
    public const string Name = "inventory";

    public static readonly ServiceModule Module = new(Name, AddServices, AddConsumers, Endpoints.Map)
    {
        Publishes = [typeof(PoolsChanged), typeof(HostWentOnline), typeof(HostWentOffline)],
    };

    private static void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddSettings<InventoryOptions>("Inventory");
        builder.AddEventStore(Name, HostView.Store());
        builder.Services.AddSingleton<HostStreams>();
        builder.Services.AddSingleton<ILastHeard>(
            provider => provider.GetRequiredService<Connections>().Embedded
            ? ActivatorUtilities.CreateInstance<MemoryLastHeard>(provider)
            : ActivatorUtilities.CreateInstance<DatabaseLastHeard>(provider));
        builder.Services.AddHostedService<Announcer>();
        builder.Services.AddHostedService<Sweeper>();
    }

    private static void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ClaimDevicesConsumer>();
        bus.AddConsumer<ConfirmClaimConsumer>();
        bus.AddConsumer<ReleaseDevicesConsumer>();
        bus.AddConsumer<AgentEventsConsumer, AgentEventsConsumerDefinition>();
        bus.AddConsumer<CleanOutcomesConsumer, CleanOutcomesConsumerDefinition>();
    }
}
