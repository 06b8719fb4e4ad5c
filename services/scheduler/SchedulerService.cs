using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Scheduler;
using Platform.Pci.Requests;
using Platform.Scheduler.Boots;
using Platform.Scheduler.Consumers;
using Platform.Scheduler.Endpoints;
using Platform.Scheduler.Placement;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Sagas;

namespace Platform.Scheduler;

/// <summary>What the scheduler service is made of.</summary>
public static class SchedulerService
{
    public static readonly ServiceModule Module = new(
        "scheduler",
        builder =>
        {
            var options = builder.AddSettings<SchedulerOptions>("Scheduler", SchedulerOptions.Refuse);
            builder.Services.AddSingleton(AliasTable.Parse(options.Alias));
            builder.AddSagaStorage("scheduler");
            builder.Services.AddHttpClient();
            builder.Services.AddSingleton<HostIndex>();
            builder.Services.AddSingleton<PoolsFeed>();
            builder.Services.AddSingleton<IConfigureReceiveEndpoint, HostsGate>();
            builder.Services.AddHostedService(services => services.GetRequiredService<PoolsFeed>());
        },
        bus =>
        {
            bus.AddConsumer<PoolsChangedConsumer, PoolsChangedConsumerDefinition>();
            bus.AddPlatformSaga<BootStateMachine, Boot>(HostsGate.Queue, (boot, deadline) =>
                new BootDeadlinePassed(boot.CorrelationId, deadline.ClaimId, deadline.Step, deadline.Round));
        },
        BootEndpoints.Map)
    {
        Asks = ["inventory"],
        Publishes =
        [
            typeof(VfReserved), typeof(BootSucceeded), typeof(BootFailed), typeof(BootStopped),
            typeof(BootStuck), typeof(BootRequestRejected),
        ],
    };
}
