using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.EventStore;

namespace Platform.ServiceDefaults;

/// <summary>Gives a module its event store.</summary>
public static class EventStores
{
    /// <summary>
    /// Registers a keyed singleton <see cref="IEventStore"/>, its key the service's name, in PostgreSQL or,
    /// embedded, in memory. Its tables are there before the bus starts, and its catch-up views are kept.
    /// </summary>
    public static void AddEventStore(
        this IHostApplicationBuilder builder, string service, EventStoreOptions options)
    {
        builder.Services.AddSingleton<IHostedService>(provider =>
            new CatchUpViews(provider.GetRequiredKeyedService<IEventStore>(service)));

        if (Connections.Read(builder.Configuration, service).Embedded)
        {
            builder.Services.AddKeyedSingleton<IEventStore>(service, (provider, _) => new InMemoryEventStore(
                provider.GetRequiredService<TimeProvider>(), options,
                provider.GetRequiredService<ILogger<InMemoryEventStore>>()));
            return;
        }

        builder.Services.AddKeyedSingleton(service, (provider, _) => new PostgresEventStore(
            provider.GetRequiredService<NpgsqlDataSource>(), options,
            provider.GetRequiredService<ILogger<PostgresEventStore>>()));
        builder.Services.AddKeyedSingleton<IEventStore>(
            service, (provider, _) => provider.GetRequiredKeyedService<PostgresEventStore>(service));
        builder.Services.AddSingleton<IHostedService>(provider => new TablesAtStart(
            provider.GetRequiredKeyedService<PostgresEventStore>(service).EnsureSchema, service,
            provider.GetRequiredService<ILogger<TablesAtStart>>()));
    }
}
