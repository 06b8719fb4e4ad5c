using Platform.EventStore;
using Platform.Inventory.Domain;

namespace Platform.Inventory.Storage;

/// <summary>Loads a host, lets the domain decide, appends what happened.</summary>
public sealed class HostStreams(
    [FromKeyedServices(InventoryService.Name)] IEventStore store, TimeProvider time) : IDisposable
{
    /// <summary>How long a command without a deadline of its own is decided again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int Queues = 64;

    // Those in one process who want the same host wait for each other here, instead of losing the race in the
    // database and deciding again. Conflicts remain for other processes, and only they are needed for
    // correctness.
    private readonly SemaphoreSlim[] queues =
        [.. Enumerable.Range(0, Queues).Select(_ => new SemaphoreSlim(1))];

    /// <summary>
    /// Decides on a host. When another writer came first it is decided again, at once and on the fresh state:
    /// a conflict is nobody's failure. After the deadline <paramref name="giveUp"/> answers, or the conflict
    /// is thrown.
    /// </summary>
    public async Task<TAnswer> Decide<TAnswer>(
        string hostId,
        Func<HostInventory, DateTimeOffset, (TAnswer Answer, IReadOnlyList<HostEvent> Events)> decide,
        CancellationToken stop,
        DateTimeOffset? notAfter = null,
        Func<HostInventory, TAnswer>? giveUp = null)
    {
        var queue = queues[(uint)string.GetHashCode(hostId, StringComparison.Ordinal) % Queues];
        await queue.WaitAsync(stop);
        try
        {
            return await DecideUntil(hostId, decide, notAfter ?? time.GetUtcNow() + Patience, giveUp, stop);
        }
        finally
        {
            queue.Release();
        }
    }

    /// <summary>The host as it is now; empty when nothing is known of it.</summary>
    public async Task<HostInventory> Load(string hostId, CancellationToken stop) =>
        await store.AggregateStream<HostInventory>(hostId, null, stop) ?? HostInventory.Empty;

    public void Dispose() => Array.ForEach(queues, queue => queue.Dispose());

    private async Task<TAnswer> DecideUntil<TAnswer>(
        string hostId,
        Func<HostInventory, DateTimeOffset, (TAnswer Answer, IReadOnlyList<HostEvent> Events)> decide,
        DateTimeOffset deadline,
        Func<HostInventory, TAnswer>? giveUp,
        CancellationToken stop)
    {
        while (true)
        {
            await using var session = store.OpenSession();
            var stream = await session.FetchForWriting<HostInventory>(hostId, stop);
            var (answer, events) = decide(stream.State, stream.Now);
            if (events.Count == 0)
                return answer;
            stream.Append(events);
            try
            {
                await session.SaveChanges(stop);
                return answer;
            }
            catch (StreamConflictException) when (time.GetUtcNow() < deadline)
            {
            }
            catch (StreamConflictException) when (giveUp is not null)
            {
                return giveUp(stream.State);
            }
        }
    }
}
