using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>
/// Makes the tables of a store while the host is starting, before its bus takes the first message. A database
/// that is not there yet is waited for: services and servers start in any order.
/// </summary>
/// <param name="make">Makes what is missing; any number of processes may do so at once.</param>
internal sealed partial class TablesAtStart(
    Func<CancellationToken, Task> make, string owner, ILogger<TablesAtStart> log)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        while (!await Made(cancellationToken))
            await Task.Delay(Pause, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> Made(CancellationToken stop)
    {
        try
        {
            await make(stop);
            return true;
        }
        catch (Exception error) when (Outage.Is(error) && !stop.IsCancellationRequested)
        {
            DatabaseAway(owner, error.Message);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The tables of {Owner} wait for PostgreSQL: {Reason}")]
    private partial void DatabaseAway(string owner, string reason);
}
