using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Sagas;
using Platform.Support;

namespace Platform.Integration.Sagas;

/// <summary>
/// Two replicas of a service with a saga, as they are deployed: on RabbitMQ and PostgreSQL.
/// </summary>
public sealed class DistributedSagaTests(TestServers servers)
{
    private readonly ConcurrentQueue<Travelled> arrived = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("invariant", "2"), Trait("invariant", "4")]
    public async Task Two_replicas_move_one_saga_and_share_its_deadlines()
    {
        await servers.StartBoth();
        var (rabbitMq, postgres) = (await servers.CreateVhost(Stop), await servers.CreateDatabase(Stop));
        await using var one = await Start(rabbitMq, postgres, watches: true);
        await using var two = await Start(rabbitMq, postgres, watches: false);
        var (id, claim) = (Guid.NewGuid(), Guid.NewGuid());

        await Send(one, new Depart(id, "first"));
        await Eventually.True("the journey began", () => !arrived.IsEmpty, Stop);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(
            n => Send(n % 2 == 0 ? one : two, new Look(id, $"leg {n}"))));
        await Eventually.True("all legs are told", () => arrived.DistinctBy(t => t.Note).Count() == 21, Stop);
        await Send(two, new Wait(id, claim, 3, TimeSpan.FromMilliseconds(1)));
        await Eventually.True("the deadline passed", () => arrived.Any(t => t.Note == "waited"), Stop);

        var journey = await two.Services.GetRequiredService<ISagaReader<Journey>>().Load(id, Stop);
        Assert.Equal(21, journey!.Legs);
        Assert.Equal(new WaitedTooLong(id, claim, "waiting", 3), journey.Passed[0]);
    }

    private static async Task Send<T>(WebApplication replica, T message) where T : class
    {
        var bus = replica.Services.GetRequiredService<IBus>();
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{JourneyMachine.Queue}"));
        await endpoint.Send(message, Stop);
    }

    private async Task<WebApplication> Start(string rabbitMq, string postgres, bool watches)
    {
        var module = new ServiceModule(
            "journeys",
            builder =>
            {
                builder.AddSagaStorage("journeys");
                builder.Services.AddSingleton<Mishaps>();
                builder.Services.AddSingleton(arrived);
            },
            bus =>
            {
                bus.AddPlatformSaga<JourneyMachine, Journey>(JourneyMachine.Queue, JourneyMachine.Deadline);
                if (watches)
                    bus.AddConsumer<Watcher>();
            },
            _ => { });
        string[] settings =
        [
            $"--ConnectionStrings:RabbitMq={rabbitMq}", $"--ConnectionStrings:Postgres={postgres}",
            "--Urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error",
        ];
        var replica = PlatformHost.Build(settings, [module], builder => builder.Logging.ClearProviders());
        await replica.StartAsync(Stop);
        return replica;
    }

    public sealed class Watcher(ConcurrentQueue<Travelled> arrived) : IConsumer<Travelled>
    {
        public Task Consume(ConsumeContext<Travelled> context)
        {
            arrived.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}
