using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults;

namespace Platform.Unit.Tests;

/// <summary>
/// One service in its real host, embedded, with its HTTP address and a listener on the bus for chosen
/// messages.
/// </summary>
public sealed class ServiceProbe : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly WebApplication app;
    private readonly Heard heard;

    private ServiceProbe(WebApplication app, Heard heard, HttpClient http) =>
        (this.app, this.heard, Http) = (app, heard, http);

    public HttpClient Http { get; }

    public IBus Bus => app.Services.GetRequiredService<IBus>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ServiceProbe> Start(
        ServiceModule service, IReadOnlyList<string> settings, params IReadOnlyList<Type> listensTo)
    {
        var heard = new Heard();
        var listener = new ServiceModule(
            "probe",
            builder => builder.Services.AddSingleton(heard),
            bus =>
            {
                foreach (var message in listensTo)
                    bus.AddConsumer(typeof(Ear<>).MakeGenericType(message));
            },
            _ => { });
        var app = PlatformHost.Build(["--Urls=http://127.0.0.1:0", .. settings], [service, listener]);
        await app.StartAsync(Stop);
        return new(app, heard, new() { BaseAddress = new(app.Urls.First()) });
    }

    /// <summary>
    /// The next message of a type that nobody took yet. Fails, naming the type, when none comes.
    /// </summary>
    public async Task<T> Next<T>() where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Limit);
        try
        {
            var queue = heard.Of(typeof(T));
            await queue.Arrived.WaitAsync(limit.Token);
            Assert.True(queue.Messages.TryDequeue(out var message));
            return (T)message;
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            throw new TimeoutException($"No {typeof(T).Name} within {Limit.TotalSeconds:0} s.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    internal sealed class Heard
    {
        private readonly ConcurrentDictionary<Type, Inbox> queues = [];

        public Inbox Of(Type message) => queues.GetOrAdd(message, _ => new());
    }

    internal sealed class Inbox
    {
        public ConcurrentQueue<object> Messages { get; } = [];

        public SemaphoreSlim Arrived { get; } = new(0);
    }

    internal sealed class Ear<T>(Heard heard) : IConsumer<T> where T : class
    {
        public Task Consume(ConsumeContext<T> context)
        {
            var queue = heard.Of(typeof(T));
            queue.Messages.Enqueue(context.Message);
            queue.Arrived.Release();
            return Task.CompletedTask;
        }
    }
}
