using System.Net.Http.Json;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Inventory;
using Platform.ServiceDefaults;

namespace Platform.Scheduler.Placement;

/// <summary>
/// Keeps the index true: whenever this replica's own queue is bound (again), the inventory's snapshot is
/// merged in. What changes meanwhile arrives in the queue, and versions say which is newer: nothing is missed
/// in between.
/// </summary>
public sealed partial class PoolsFeed(
    HostIndex hosts, ServiceAddresses addresses, IHttpClientFactory clients, ILogger<PoolsFeed> log)
    : BackgroundService, IReceiveEndpointObserver
{
    // Services start in any order: a short wait is no news.
    private const int TriesUntilWarned = 10;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(5);
    private readonly Channel<bool> bound = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public Task Ready(ReceiveEndpointReady ready)
    {
        bound.Writer.TryWrite(true);
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in bound.Reader.ReadAllAsync(stoppingToken))
            for (var tries = 1; !await TryLoad(tries, stoppingToken); tries++)
                await Task.Delay(RetryDelay, stoppingToken);
    }

    private async Task<bool> TryLoad(int tries, CancellationToken stop)
    {
        try
        {
            using var client = clients.CreateClient();
            client.Timeout = Timeout.InfiniteTimeSpan;
            // However many hosts there are, as long as they come.
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
            silence.CancelAfter(SilenceLimit);
            var count = 0;
            await foreach (var host in client.GetFromJsonAsAsyncEnumerable<PoolsChanged>(
                new Uri(addresses.Of("inventory"), "inventory/pools"), silence.Token))
            {
                hosts.Apply(host!);
                count++;
                silence.CancelAfter(SilenceLimit);
            }

            hosts.MarkLoaded();
            Loaded(count);
            return true;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            if (tries % TriesUntilWarned == 0)
                NotLoaded(e.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded the pools of {Hosts} hosts")]
    private partial void Loaded(int hosts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The inventory's pools cannot be read yet: {Reason}")]
    private partial void NotLoaded(string reason);
}
