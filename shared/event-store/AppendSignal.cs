namespace Platform.EventStore;

/// <summary>Wakes this process's readers of the log when it has appended; those elsewhere poll.</summary>
internal sealed class AppendSignal
{
    private volatile TaskCompletionSource next = New();

    /// <summary>
    /// Take it before looking at the log, await it after: what comes in between is not missed.
    /// </summary>
    public Task Next => next.Task;

    public void Raise() => Interlocked.Exchange(ref next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
