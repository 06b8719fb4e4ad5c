using System.Collections.Concurrent;
using System.Text;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults;
using RabbitMQ.Client;

namespace Platform.Integration.Tests.Hosting;

/// <summary>A message of these tests. Its exchange is named after it.</summary>
public sealed record Ordered(string Dish, int Portions, string? Remark = null);

/// <summary>What a consumer of these tests does with an order; throws to fail.</summary>
public sealed class Kitchen
{
    private int tries;

    public ConcurrentQueue<(Ordered Order, Guid? MessageId)> Served { get; } = [];

    public int Tries => tries;

    /// <summary>Given the number of the try, from 1.</summary>
    public Action<int> Cook { get; set; } = _ => { };

    /// <summary>What is waited for then, given the number of the try.</summary>
    public Func<int, Task> Simmer { get; set; } = _ => Task.CompletedTask;

    public async Task Serve(ConsumeContext<Ordered> order)
    {
        var attempt = Interlocked.Increment(ref tries);
        Cook(attempt);
        await Simmer(attempt);
        Served.Enqueue((order.Message, order.MessageId));
    }
}

/// <summary>Its endpoint is called <c>ordered</c>.</summary>
public sealed class OrderedConsumer(Kitchen kitchen) : IConsumer<Ordered>
{
    public Task Consume(ConsumeContext<Ordered> context) => kitchen.Serve(context);
}

/// <summary>A host with one consumer on a real broker, and a bare AMQP client beside it.</summary>
public sealed class BusHost : IAsyncDisposable
{
    public const string Exchange = "Platform.Integration.Tests.Hosting:Ordered";

    private readonly WebApplication app;
    private readonly IConnection connection;

    private readonly Uri broker;

    private BusHost(WebApplication app, Uri broker, IConnection connection, IChannel client) =>
        (this.app, this.broker, this.connection, Client) = (app, broker, connection, client);

    public IConnection Connection => connection;

    public IChannel Client { get; }

    public Kitchen Kitchen => app.Services.GetRequiredService<Kitchen>();

    public IServiceProvider Services => app.Services;

    public string Address => app.Urls.First();

    public static async Task<BusHost> Start(string broker, CancellationToken stop, params string[] settings)
    {
        var app = Build(broker, settings);
        var connection = await new ConnectionFactory { Uri = new(broker) }.CreateConnectionAsync(stop);
        var client = await connection.CreateChannelAsync(
            new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), stop);
        await app.StartAsync(stop);
        return new(app, new(broker), connection, client);
    }

    /// <summary>Nothing here uses the database, so its address leads nowhere.</summary>
    public static WebApplication Build(
        string broker, string[] settings, Action<IServiceCollection>? also = null, bool consumes = true) =>
        PlatformHost.Build(
            [
                "--Urls=http://127.0.0.1:0", $"--ConnectionStrings:RabbitMq={broker}",
                "--ConnectionStrings:Postgres=Host=127.0.0.1;Port=1;Username=nobody;Timeout=1",
                "--Bus:RetryDelay=00:00:00.010", "--Bus:OutageDelay=00:00:00.010",
                "--Bus:OutageLimit=00:00:10", "--Logging:LogLevel:MassTransit.ReceiveTransport=None",
                "--Logging:LogLevel:Default=Error", .. settings,
            ],
            [
                new ServiceModule(
                    "restaurant",
                    builder =>
                    {
                        builder.Services.AddSingleton<Kitchen>();
                        also?.Invoke(builder.Services);
                    },
                    bus => _ = consumes ? bus.AddConsumer<OrderedConsumer>() : null,
                    _ => { }),
            ]);

    public Task<IConnection> Connect(CancellationToken stop) =>
        new ConnectionFactory { Uri = broker }.CreateConnectionAsync(stop);

    /// <summary>Publishes a body as a foreign client does, without any of MassTransit's headers.</summary>
    public async Task Publish(string body, BasicProperties properties, CancellationToken stop) =>
        await Client.BasicPublishAsync(Exchange, "", true, properties, Encoding.UTF8.GetBytes(body), stop);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await Client.DisposeAsync();
        await connection.DisposeAsync();
    }
}
