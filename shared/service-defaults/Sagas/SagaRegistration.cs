using MassTransit;
using MassTransit.Configuration;
using MassTransit.Middleware;
using MassTransit.Saga;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// How a service gets sagas whose state, consumed messages and sent messages commit together.
/// </summary>
public static class SagaRegistration
{
    /// <summary>
    /// Adds the storage: PostgreSQL when <c>ConnectionStrings:Postgres</c> is set, its tables made in
    /// <paramref name="schema"/> before the bus starts; otherwise in memory.
    /// </summary>
    public static void AddSagaStorage(this IHostApplicationBuilder builder, string schema)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        builder.AddSettings<SagaOptions>(SagaOptions.Section, SagaOptions.Refuse);
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString("Postgres")))
            services.AddSingleton<ISagaStorage, InMemorySagaStorage>();
        else
        {
            services.AddSingleton(
                s => new NpgsqlSagaStorage(s.GetRequiredService<NpgsqlDataSource>(), schema));
            services.AddSingleton<ISagaStorage>(s => s.GetRequiredService<NpgsqlSagaStorage>());
            services.AddSingleton<IHostedService>(s => new TablesAtStart(
                s.GetRequiredService<NpgsqlSagaStorage>().CreateTables, schema,
                s.GetRequiredService<ILogger<TablesAtStart>>()));
        }
        services.AddSingleton<DeliveredMessages>();
        services.AddHostedService(s => s.GetRequiredService<DeliveredMessages>());
        services.AddHostedService<SagaUpkeep>();
        services.AddScoped<IOutboxContextFactory<ISagaTransaction>, SagaOutboxContextFactory>();
        services.AddSingleton(typeof(ISagaReader<>), typeof(SagaReader<>));
        services.AddSingleton<ISagaHolds>(s => s.GetRequiredService<ISagaStorage>());
    }

    /// <summary>
    /// Adds a saga on a receive endpoint of its own, with inbox and outbox, and the sender of its deadlines:
    /// <paramref name="deadlineMessage"/> makes the message that its queue gets when a deadline has passed.
    /// </summary>
    public static void AddPlatformSaga<TMachine, TSaga>(
        this IBusRegistrationConfigurator bus, string queue,
        Func<TSaga, SagaDeadline, object> deadlineMessage)
        where TMachine : class, SagaStateMachine<TSaga>
        where TSaga : class, IDeadlineSaga, new()
    {
        bus.AddSagaStateMachine<TMachine, TSaga>(typeof(EndpointWithOutbox<TSaga>))
            .Endpoint(endpoint => endpoint.Name = queue)
            .Repository(repository =>
            {
                repository.RegisterLoadSagaRepository<TSaga, SagaRepositoryContextFactory<TSaga>>();
                repository.RegisterSagaRepository<
                    TSaga, ISagaTransaction, SagaConsumeContextFactory<ISagaTransaction, TSaga>,
                    SagaRepositoryContextFactory<TSaga>>();
            });
        bus.AddSingleton(new DeadlineMessages<TSaga>(queue, deadlineMessage));
        bus.AddHostedService<SagaDeadlines<TSaga>>();
    }

    private sealed class EndpointWithOutbox<TSaga> : SagaDefinition<TSaga> where TSaga : class, IDeadlineSaga
    {
        protected override void ConfigureSaga(
            IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TSaga> sagaConfigurator,
            IRegistrationContext context) =>
            endpointConfigurator.ConnectSagaConfigurationObserver(
                new OutboxConsumePipeSpecificationObserver<ISagaTransaction>(endpointConfigurator, context)
                {
                    // One, the default, would take a pass a message.
                    MessageDeliveryLimit = int.MaxValue,
                    MessageDeliveryTimeout = context.GetRequiredService<SagaOptions>().DeliveryTimeout,
                });
    }
}
