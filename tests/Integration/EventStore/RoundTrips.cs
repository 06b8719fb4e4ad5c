using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Integration.EventStore;

/// <summary>What Npgsql sends while this lives, of this test's calls alone.</summary>
public sealed class RoundTrips : IDisposable
{
    private readonly ConcurrentQueue<string> statements = [];
    private readonly Activity ours = new Activity("round trips").Start();
    private readonly ActivityListener listener;

    public RoundTrips()
    {
        listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == ours.TraceId)
                    statements.Enqueue(
                        string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public IReadOnlyCollection<string> Statements => statements;

    public void Dispose()
    {
        listener.Dispose();
        ours.Dispose();
    }
}
