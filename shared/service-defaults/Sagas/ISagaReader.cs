namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// Sagas for read endpoints: as last committed, without waiting for the messages that move them.
/// </summary>
public interface ISagaReader<TSaga> where TSaga : class, IDeadlineSaga
{
    /// <summary>The saga, or null when there is none.</summary>
    Task<TSaga?> Load(Guid correlationId, CancellationToken stop);

    /// <summary>Newest first. The next page comes after the last saga of this one.</summary>
    Task<IReadOnlyList<TSaga>> List(int limit, Guid? after, CancellationToken stop);
}

internal sealed class SagaReader<TSaga>(ISagaStorage storage)
    : ISagaReader<TSaga> where TSaga : class, IDeadlineSaga
{
    public async Task<TSaga?> Load(Guid correlationId, CancellationToken stop) =>
        await storage.Load(new(typeof(TSaga).Name, correlationId), stop) is { } stored
            ? SagaJson.Read<TSaga>(stored.Data)
            : null;

    public async Task<IReadOnlyList<TSaga>> List(int limit, Guid? after, CancellationToken stop)
    {
        var page = await storage.List(typeof(TSaga).Name, limit, after, stop);
        return [.. page.Select(stored => SagaJson.Read<TSaga>(stored.Data))];
    }
}
