using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Platform.EventStore;

/// <summary>
/// The store of the embedded mode: the same promises as long as the process lives, and nothing kept.
/// </summary>
public sealed class InMemoryEventStore(TimeProvider time, EventStoreOptions options, ILogger? logger = null)
    : IEventStore
{
    private readonly MemoryTables tables = new(time, options);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> locks = [];
    private readonly ILogger log = logger ?? NullLogger.Instance;

    public IEventSession OpenSession() => new EventSession(options, tables);

    public Task<IReadOnlyList<StoredEvent>> FetchStream(
        string key, long fromVersion, CancellationToken stop) =>
        Task.FromResult(tables.ReadStream(key, fromVersion));

    public Task<TState?> AggregateStream<TState>(string key, long? version, CancellationToken stop)
        where TState : class
    {
        var stream = tables.Fold(key, options.KindOf(typeof(TState)), version);
        return Task.FromResult(stream.Version == 0 ? null : (TState)stream.State);
    }

    public Task<TView?> LoadView<TView>(string id, CancellationToken stop) where TView : class =>
        Task.FromResult((TView?)tables.LoadView(options.ViewName(typeof(TView)), typeof(TView), id));

    public Task<IReadOnlyList<TView>> LoadViews<TView>(CancellationToken stop) where TView : class =>
        Task.FromResult(tables.LoadViews<TView>(options.ViewName(typeof(TView))));

    public Task<LogPage> ReadLog(long after, int limit, CancellationToken stop) =>
        Task.FromResult(tables.ReadLog(after, limit));

    public Task Follow(
        string name,
        Func<IReadOnlyList<StoredEvent>, CancellationToken, Task> handle,
        CancellationToken stop) =>
        RunAlone($"follow.{name}", held => Read(name, async page =>
        {
            await handle(page.Events, held);
            tables.Move(name, page.Position);
        }, held), stop);

    public Task RunExclusively(string name, Func<CancellationToken, Task> run, CancellationToken stop) =>
        RunAlone($"run.{name}", run, stop);

    public Task RunCatchUpViews(CancellationToken stop) => Task.WhenAll(options.CatchUpViews.Select(view =>
        RunAlone($"view.{view.Name}", held => Read(view.Name, _ => Apply(view), held), stop)));

    public Task RebuildView(string name, CancellationToken stop)
    {
        if (options.CatchUpViews.FirstOrDefault(view => view.Name == name) is { } behind)
            Rebuild(behind);
        else if (options.InlineViews.FirstOrDefault(view => view.Name == name) is { } inline)
            Rebuild(inline);
        else
            throw options.NoSuchView(name);
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset> Now(CancellationToken stop) => Task.FromResult(time.GetUtcNow());

    private Task RunAlone(string name, Func<CancellationToken, Task> run, CancellationToken stop)
    {
        var alone = locks.GetOrAdd(name, _ => new(1));
        return Retry.UntilDone(name, async () =>
        {
            await alone.WaitAsync(stop);
            try
            {
                await run(stop);
                return true;
            }
            finally
            {
                alone.Release();
            }
        }, pause: TimeSpan.Zero, log, stop);
    }

    private async Task Read(string name, Func<LogPage, Task> apply, CancellationToken stop)
    {
        while (true)
        {
            var more = tables.Appended.Next;
            var page = tables.ReadLog(tables.Position(name), options.BatchSize);
            if (page.Events.Count > 0)
                await apply(page);
            else
                await more.WaitAsync(stop);
        }
    }

    /// <summary>Reads its page again under the lock: the view may have been made anew since.</summary>
    private Task Apply(CatchUpView view)
    {
        lock (tables.Gate)
        {
            var page = tables.ReadLog(tables.Position(view.Name), options.BatchSize);
            var known = CatchUp.Ids(view, page.Events)
                .ToDictionary(id => id, id => tables.LoadView(view.Name, view.ViewType, id));
            foreach (var row in CatchUp.Apply(view, page.Events, known))
                tables.WriteView(view.Name, view.ViewType, row.Id, row.Data);
            tables.Move(view.Name, page.Position);
        }

        return Task.CompletedTask;
    }

    private void Rebuild(CatchUpView view)
    {
        lock (tables.Gate)
        {
            var page = tables.ReadLog(0, int.MaxValue);
            tables.DeleteViews(view.Name);
            foreach (var row in CatchUp.Apply(view, page.Events, []))
                tables.WriteView(view.Name, view.ViewType, row.Id, row.Data);
            tables.Move(view.Name, page.Position);
        }
    }

    private void Rebuild(InlineView view)
    {
        var kind = options.KindOf(view.StateType);
        lock (tables.Gate)
        {
            tables.DeleteViews(view.Name);
            foreach (var key in tables.Keys(kind))
            {
                var stream = tables.Fold(key, kind, upTo: null);
                var data = view.Project(key, stream.State, stream.Version);
                tables.WriteView(view.Name, view.ViewType, key, data);
            }
        }
    }
}
