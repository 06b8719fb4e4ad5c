using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// Notes in batches that outboxes are delivered, off the path of the messages. A note that a crash loses
/// costs a second delivery, never a message.
/// </summary>
internal sealed partial class DeliveredMessages(
    ISagaStorage storage, TimeProvider clock, ILogger<DeliveredMessages> log)
    : IHostedLifecycleService, IDisposable
{
    private const int BatchSize = 500;
    // Between two batches: the more there is in one, the less each costs. A crash sends these once more.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<InboxKey> notes =
        Channel.CreateUnbounded<InboxKey>(new() { SingleReader = true });
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource giveUp = new();
    private Task writing = Task.CompletedTask;

    public void Note(InboxKey message) => notes.Writer.TryWrite(message);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        writing = Task.Run(Write, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>The bus has stopped by now: what is left is written while there is time.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        notes.Writer.TryComplete();
        await stopping.CancelAsync();
        await using (cancellationToken.Register(giveUp.Cancel))
            await writing;
    }

    public void Dispose()
    {
        stopping.Dispose();
        giveUp.Dispose();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task Write()
    {
        var batch = new List<InboxKey>(BatchSize);
        var stop = stopping.Token;
        while (await notes.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchSize && notes.Reader.TryRead(out var message))
                batch.Add(message);
            while (!await TryWrite(batch) && !giveUp.IsCancellationRequested)
                await Task.Delay(Pause, clock, giveUp.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (batch.Count < BatchSize)
                await Task.Delay(Gathering, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            batch.Clear();
        }
    }

    private async Task<bool> TryWrite(List<InboxKey> batch)
    {
        try
        {
            await storage.MarkDelivered(batch, giveUp.Token);
            return true;
        }
        catch (Exception e)
        {
            LogUnwritten(e, batch.Count);
            return false;
        }
    }

    [LoggerMessage(401, LogLevel.Warning,
        "The delivery of {Count} consumed messages is not noted yet.")]
    private partial void LogUnwritten(Exception e, int count);
}
