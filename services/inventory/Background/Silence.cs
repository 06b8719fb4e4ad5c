using Platform.Inventory.Storage;

namespace Platform.Inventory.Background;

/// <summary>
/// Who was silent for too long, counting only time in which somebody listened: a broker that is away, a
/// sweeper that has just begun and a process that was stopped for a while are not the agents' silence.
/// </summary>
public sealed class Silence(TimeSpan limit, TimeSpan sweepInterval)
{
    // A sweep may be late for ordinary reasons; after this many intervals the process was not running.
    private const int LateIntervals = 3;

    private DateTimeOffset? listeningSince;
    private DateTimeOffset? lastLook;

    public IReadOnlyList<HostView> Of(
        IEnumerable<HostView> views, IReadOnlyDictionary<string, DateTimeOffset> heard, bool canHear,
        DateTimeOffset now)
    {
        var slept = now - lastLook > sweepInterval * LateIntervals + TimeSpan.FromSeconds(1);
        lastLook = now;
        if (!canHear || slept)
            listeningSince = null;
        if (!canHear)
            return [];

        var since = listeningSince ??= now;
        return
        [
            .. views.Where(view =>
                view.Online && now - Later(heard.GetValueOrDefault(view.HostId), since) > limit),
        ];
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) =>
        one > other ? one : other;
}
