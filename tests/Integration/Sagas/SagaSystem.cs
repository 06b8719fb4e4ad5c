using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.ServiceDefaults.Sagas;
using Platform.Support;

namespace Platform.Integration.Sagas;

/// <summary>A travelled message, as the transport brought it.</summary>
public sealed record Arrived(
    Travelled Message, Guid? MessageId, Guid? ConversationId, DateTime? Expires, string? Ticket,
    ActivityTraceId Trace);

/// <summary>
/// A saga on MassTransit's in-memory transport, with either storage, and eyes on everything it sends.
/// </summary>
public sealed class SagaSystem : IAsyncDisposable, IConsumer<Travelled>, IConsumer<Fault>, ISendObserver
{
    private const string Schema = "journeys";

    private readonly IHost host;
    private readonly NpgsqlDataSource? database;
    private readonly ManualTimeProvider? time;
    private int lostSends;

    private SagaSystem(string? postgres, int tries, string? owedAfter)
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        if (postgres is null)
        {
            time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
            builder.Services.AddSingleton<TimeProvider>(time);
        }
        else
        {
            builder.Configuration["ConnectionStrings:Postgres"] = postgres;
            builder.Services.AddSingleton(database = NpgsqlDataSource.Create(postgres));
        }
        builder.Configuration["Sagas:DeadlinePoll"] = "00:00:00.020";
        builder.Configuration["Sagas:UpkeepPeriod"] = "00:00:00.020";
        builder.Configuration["Sagas:OwedAfter"] = owedAfter ?? "00:01:00";
        builder.AddSagaStorage(Schema);
        builder.Services.AddSingleton(Mishaps);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddPlatformSaga<JourneyMachine, Journey>(JourneyMachine.Queue, JourneyMachine.Deadline);
            if (tries > 1)
            {
                bus.AddConfigureEndpointsCallback((_, _, endpoint) =>
                    endpoint.UseMessageRetry(retry => retry.Immediate(tries - 1)));
            }
            bus.UsingInMemory((context, memory) =>
            {
                memory.ReceiveEndpoint("watchers", endpoint => endpoint.Instance(this));
                memory.ConfigureEndpoints(context);
            });
        });
        builder.Services.Configure<MassTransitHostOptions>(o => o.WaitUntilStarted = true);
        host = builder.Build();
        Bus.ConnectSendObserver(this);
    }

    public Mishaps Mishaps { get; } = new();

    public ConcurrentQueue<Arrived> Arrived { get; } = [];

    public ConcurrentQueue<string> Faults { get; } = [];

    public IBusControl Bus => host.Services.GetRequiredService<IBusControl>();

    public ISagaStorage Storage => host.Services.GetRequiredService<ISagaStorage>();

    public ISagaReader<Journey> Reader => host.Services.GetRequiredService<ISagaReader<Journey>>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SagaSystem> Start(string? postgres, int tries = 1, string? owedAfter = null)
    {
        var system = new SagaSystem(postgres, tries, owedAfter);
        await system.host.StartAsync(Stop);
        return system;
    }

    /// <summary>Sends, as a conversation of its own with the message's id.</summary>
    public async Task Send<T>(T message, Guid? messageId = null) where T : class
    {
        var endpoint = await Bus.GetSendEndpoint(new Uri($"queue:{JourneyMachine.Queue}"));
        await endpoint.Send(
            message,
            context => context.ConversationId = context.MessageId = messageId ?? NewId.NextGuid(),
            Stop);
    }

    /// <summary>Sends, and returns when the saga's answer has arrived.</summary>
    public async Task SendAndArrive<T>(T message, string note) where T : class
    {
        var before = Count(note);
        await Send(message);
        await Eventually.True($"{note} has arrived", () => Count(note) > before, Stop);
    }

    public int Count(string note) => Arrived.Count(a => a.Message.Note == note);

    /// <summary>The next sends after a commit fail, as if the process had died there.</summary>
    public void LoseSends(int many) => lostSends = many;

    /// <summary>
    /// Lets time pass for what is stored: the clock in memory, or the rows' times in the database.
    /// </summary>
    public async Task Pass(TimeSpan by)
    {
        time?.Advance(by);
        if (database is null)
            return;
        await using var command = database.CreateCommand(
            ($"update {Schema}.saga set deadline = deadline - $1, due = due - $1; "
                + $"update {Schema}.outbox set taken = taken - $1;")
                .Replace("$1", $"interval '{by.TotalMilliseconds} ms'", StringComparison.Ordinal));
        await command.ExecuteNonQueryAsync(Stop);
    }

    /// <summary>How many consumed messages are remembered. Forgets them.</summary>
    public Task<int> TakeInbox() => Storage.ForgetConsumed(TimeSpan.FromSeconds(-1), 1000, Stop);

    /// <summary>What is committed and not delivered.</summary>
    public async Task<IReadOnlyList<OutboxMessage>> Owed() =>
        [.. (await Storage.TakeOwed(TimeSpan.FromSeconds(-1), 1000, Stop)).Select(owed => owed.Message)];

    public Task NothingIsOwed() =>
        Eventually.True("nothing is owed", async () => (await Owed()).Count == 0, Stop);

    public Task Consume(ConsumeContext<Travelled> context)
    {
        Arrived.Enqueue(new(
            context.Message, context.MessageId, context.ConversationId, context.ExpirationTime,
            context.Headers.Get<string>(JourneyMachine.Header), Activity.Current?.TraceId ?? default));
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<Fault> context)
    {
        Faults.Enqueue(context.Message.Exceptions[0].Message);
        return Task.CompletedTask;
    }

    public Task PreSend<T>(SendContext<T> context) where T : class =>
        typeof(T).Name == "SerializedMessageBody" && Interlocked.Decrement(ref lostSends) >= 0
            ? throw new InvalidOperationException("This send was to be lost.")
            : Task.CompletedTask;

    public Task PostSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class =>
        Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
        if (database is not null)
            await database.DisposeAsync();
    }
}
