using Platform.EventStore;

namespace Platform.NetworkBinding.Storage;

/// <summary>
/// Decides on streams and commits. When another writer came first, it is decided again on fresh state, at
/// once and here: conflicts never eat redeliveries.
/// </summary>
public sealed class Decisions([FromKeyedServices(Streams.Service)] IEventStore store)
{
    // Every conflict means that another has got on, so this many in a row are a bug, not a crowd.
    private const int TriesMax = 200;

    public IEventStore Store { get; } = store;

    public async Task<T> Decide<T>(Func<IEventSession, Task<T>> decide, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            await using var session = Store.OpenSession();
            try
            {
                var answer = await decide(session);
                await session.SaveChanges(stop);
                return answer;
            }
            catch (StreamConflictException) when (tries < TriesMax)
            {
                stop.ThrowIfCancellationRequested();
            }
        }
    }
}
