using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.EventStore;

/// <summary>What a service stores: its schema, its kinds of stream, its events and its views.</summary>
public sealed class EventStoreOptions(string schema)
{
    private readonly List<StreamKind> streams = [];
    private readonly List<Type> events = [];
    private readonly List<InlineView> inlineViews = [];
    private readonly List<CatchUpView> catchUpViews = [];

    /// <summary>The database schema, owned by the service alone.</summary>
    public string Schema { get; } = schema;

    /// <summary>How often a reader of the log looks for what other processes appended.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How often the holder of a lock looks whether it still has it, and others whether it is free.
    /// </summary>
    public TimeSpan LockInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most events that <c>Follow</c> and the catch-up views take at once.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>
    /// How many streams' states a process remembers, so as to read only what was appended since.
    /// </summary>
    public int RememberedStreams { get; init; } = 500;

    /// <summary>How bodies are written; a service adds the converters of its own types.</summary>
    public JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        // jsonb keeps no order of members.
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public IReadOnlyList<StreamKind> Streams => streams;

    public IReadOnlyList<Type> Events => events;

    public IReadOnlyList<InlineView> InlineViews => inlineViews;

    public IReadOnlyList<CatchUpView> CatchUpViews => catchUpViews;

    /// <summary>Registers a kind of stream: its empty state, and how an event changes it.</summary>
    /// <param name="snapshotEvery">A snapshot is stored whenever so many events came since.</param>
    /// <param name="revision">Raise it when the state's shape or meaning changes: older snapshots are then
    /// not used.</param>
    public EventStoreOptions AddStream<TState>(
        string type,
        TState empty,
        Func<TState, object, TState> evolve,
        int snapshotEvery = 100,
        int revision = 1)
        where TState : class
    {
        streams.Add(new(
            type,
            typeof(TState),
            empty,
            (state, happened) => evolve((TState)state, happened),
            snapshotEvery,
            revision));
        return this;
    }

    /// <summary>
    /// Registers every concrete descendant of an event's base type, stored under its snake_case name.
    /// </summary>
    public EventStoreOptions AddEvents<TBase>()
    {
        events.AddRange(typeof(TBase).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(TBase)))
            .Where(type => type is { IsAbstract: false, IsInterface: false })
            .OrderBy(type => type.FullName, StringComparer.Ordinal));
        return this;
    }

    /// <summary>
    /// A view of each stream of a kind, written in the transaction of the append. <paramref name="project"/>
    /// gets the stream's key, its state after the append and its version; null deletes the view.
    /// </summary>
    public EventStoreOptions AddInlineView<TState, TView>(
        string name, Func<string, TState, long, TView?> project)
        where TState : class where TView : class
    {
        inlineViews.Add(new(
            name,
            typeof(TState),
            typeof(TView),
            (key, state, version) => project(key, (TState)state, version)));
        return this;
    }

    /// <summary>
    /// A view kept behind the log, one event after another, across streams. Position and views commit
    /// together, so no event is applied twice. <paramref name="identify"/> names the view an event belongs
    /// to, or null for none.
    /// </summary>
    public EventStoreOptions AddCatchUpView<TView>(
        string name, Func<StoredEvent, string?> identify, Func<TView?, StoredEvent, TView?> apply)
        where TView : class
    {
        catchUpViews.Add(
            new(name, typeof(TView), identify, (view, happened) => apply((TView?)view, happened)));
        return this;
    }

    internal StreamKind KindOf(Type state) =>
        streams.Find(kind => kind.StateType == state) ?? throw new InvalidOperationException(
            $"No stream has {state} for its state: add it with AddStream.");

    internal string ViewName(Type view) =>
        inlineViews.Find(candidate => candidate.ViewType == view)?.Name
        ?? catchUpViews.Find(candidate => candidate.ViewType == view)?.Name
        ?? throw new InvalidOperationException(
            $"No view is of type {view}: add it with AddInlineView or AddCatchUpView.");

    internal InvalidOperationException NoSuchView(string name) => new(
        $"There is no view named {name} in {Schema}: the views are "
        + $"{string.Join(", ", [.. inlineViews.Select(v => v.Name), .. catchUpViews.Select(v => v.Name)])}.");
}

/// <summary>A kind of stream.</summary>
public sealed record StreamKind(
    string Type,
    Type StateType,
    object Empty,
    Func<object, object, object> Evolve,
    int SnapshotEvery,
    int Revision);

/// <summary>A view written with the append.</summary>
public sealed record InlineView(
    string Name, Type StateType, Type ViewType, Func<string, object, long, object?> Project);

/// <summary>A view written behind the log.</summary>
public sealed record CatchUpView(
    string Name,
    Type ViewType,
    Func<StoredEvent, string?> Identify,
    Func<object?, StoredEvent, object?> Apply);
