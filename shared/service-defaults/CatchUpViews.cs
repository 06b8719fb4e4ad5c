using Microsoft.Extensions.Hosting;
using Platform.EventStore;

namespace Platform.ServiceDefaults;

/// <summary>Keeps an event store's catch-up views behind its log while the process runs.</summary>
internal sealed class CatchUpViews(IEventStore store) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        store.RunCatchUpViews(stoppingToken);
}
