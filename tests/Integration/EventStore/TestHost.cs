using System.Collections.Immutable;
using Platform.EventStore;

namespace Platform.Integration.EventStore;

/// <summary>What can happen to the hosts of these tests.</summary>
public abstract record HostHappening;

public enum Kind
{
    Virtual,
    Physical,
}

public sealed record FunctionAdded(string Address, Kind Kind) : HostHappening;

public sealed record FunctionTaken(string Address, Guid By) : HostHappening;

/// <summary>Says which count its writer had seen, so that a decision on stale state shows.</summary>
public sealed record Counted(int Seen) : HostHappening;

public sealed record HostClosed : HostHappening;

/// <summary>A host of these tests: collections of the kinds that aggregates are made of.</summary>
public sealed record TestHost(
    ImmutableDictionary<string, Guid?> Holders,
    ImmutableSortedSet<string> Physical,
    ImmutableList<int> Counts,
    bool IsClosed)
{
    public static TestHost Empty { get; } =
        new(ImmutableDictionary<string, Guid?>.Empty, [], [], IsClosed: false);

    public static TestHost Evolve(TestHost host, object happened) => happened switch
    {
        FunctionAdded { Kind: Kind.Physical } e => host with { Physical = host.Physical.Add(e.Address) },
        FunctionAdded e => host with { Holders = host.Holders.SetItem(e.Address, null) },
        FunctionTaken e => host with { Holders = host.Holders.SetItem(e.Address, e.By) },
        Counted e => host with { Counts = host.Counts.Add(e.Seen) },
        HostClosed => host with { IsClosed = true },
        _ => throw new InvalidOperationException($"{happened} has no meaning for a host."),
    };
}

/// <summary>A kind of stream without views: its appends need no fetch.</summary>
public sealed record Tally(int Count);

/// <summary>Kept with the append; a closed host has none.</summary>
public sealed record HostSize(string Host, int Functions, long Version);

/// <summary>Kept behind the log: how often each stream was counted, and the last event that did.</summary>
public sealed record CountOfHost(string Host, int Count, long Last);

/// <summary>What the tests store. The projections can be changed, as a new release would.</summary>
public sealed class TestOptions
{
    private int evolved;

    /// <summary>How many events were folded: what snapshots save.</summary>
    public int Evolved => evolved;

    public int Factor { get; set; } = 1;

    public EventStoreOptions Build(int snapshotEvery = 100, int revision = 1, string schema = "inventory") =>
        new EventStoreOptions(schema) { LockInterval = TimeSpan.FromMilliseconds(100), BatchSize = 20 }
            .AddStream("host", TestHost.Empty, Evolve, snapshotEvery, revision)
            .AddStream("tally", new Tally(0), (tally, _) => new(tally.Count + 1))
            .AddEvents<HostHappening>()
            .AddInlineView<TestHost, HostSize>("host_size", (key, host, version) =>
                host.IsClosed ? null : new(key, host.Holders.Count * Factor, version))
            .AddCatchUpView<CountOfHost>(
                "count_of_host",
                e => e.Data is Counted ? e.StreamKey : null,
                (view, e) => new(e.StreamKey, (view?.Count ?? 0) + Factor, e.Sequence));

    private TestHost Evolve(TestHost host, object happened)
    {
        Interlocked.Increment(ref evolved);
        return TestHost.Evolve(host, happened);
    }
}
