using Platform.EventStore;

namespace Platform.Integration.EventStore;

/// <summary>The contract, kept by the twin in memory.</summary>
public sealed class InMemoryEventStoreTests : EventStoreContract
{
    protected override Task<IEventStore> NewStore(EventStoreOptions options) =>
        Task.FromResult<IEventStore>(new InMemoryEventStore(TimeProvider.System, options));

    protected override IEventStore Elsewhere(IEventStore store) => store;
}
