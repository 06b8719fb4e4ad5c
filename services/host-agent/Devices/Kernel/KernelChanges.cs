namespace Platform.HostAgent.Devices.Kernel;

/// <summary>
/// Waits for the kernel to tell of changes, and for it to end: a card's VFs come one by one. Where the kernel
/// tells nothing, nothing ends the wait, and what changed is seen at the next heartbeat.
/// </summary>
internal sealed partial class KernelChanges(string hostId, ILogger log) : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuietAwaited = TimeSpan.FromMilliseconds(300);

    private readonly Lazy<Uevents?> uevents = new(() =>
    {
        try
        {
            return Uevents.Open();
        }
        catch (Exception refused) when (refused is System.ComponentModel.Win32Exception
            or System.Net.Sockets.SocketException or DllNotFoundException)
        {
            NoUevents(log, hostId, refused.Message);
            return null;
        }
    });

    /// <summary>Begins to listen, so that nothing is missed between two waits.</summary>
    public bool Listen() => uevents.Value is not null;

    /// <summary>One wait at a time.</summary>
    public async Task Next(CancellationToken stop)
    {
        if (uevents.Value is not { } told)
        {
            await Task.Delay(Timeout.Infinite, stop);
            return;
        }

        await told.Next(stop);
        using var settled = CancellationTokenSource.CreateLinkedTokenSource(stop);
        settled.CancelAfter(QuietAwaited);
        while (await IsFollowed(told, settled.Token))
        {
        }
    }

    public void Dispose()
    {
        if (uevents.IsValueCreated)
            uevents.Value?.Dispose();
    }

    private static async Task<bool> IsFollowed(Uevents told, CancellationToken stop)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(stop);
        quiet.CancelAfter(Quiet);
        try
        {
            await told.Next(quiet.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(
        20, LogLevel.Warning,
        "{HostId} is not told of changes by its kernel, and looks for them at every heartbeat: {Reason}")]
    private static partial void NoUevents(ILogger log, string hostId, string reason);
}
