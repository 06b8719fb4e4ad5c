using Platform.EventStore;
using Platform.NetworkBinding.Domain;

namespace Platform.NetworkBinding.Storage;

/// <summary>One port of a claim and the order to bind it.</summary>
public sealed record PortOrder(string PortId, BindOrder Order);

/// <summary>Why the ports of a claim were not bound.</summary>
public sealed record BindingRefusal(string PortId, string Reason, bool Permanent);

/// <summary>The ports as boots use them: resolved, bound and unbound, all of a claim at once.</summary>
public sealed class PortBindings(Decisions decisions)
{
    /// <summary>
    /// The ports in the order asked; those that are not there come as <see cref="Port.None"/>.
    /// </summary>
    public async Task<IReadOnlyList<PortView>> Load(IReadOnlyList<string> ids, CancellationToken stop)
    {
        var ports = new List<PortView>(ids.Count);
        foreach (var id in ids)
        {
            var view = Streams.IsId(id)
                ? await decisions.Store.LoadView<PortView>(Streams.Port(id), stop)
                : null;
            ports.Add(view ?? new(id, Port.None));
        }
        return ports;
    }

    /// <summary>Binds all or none, in one transaction; the ports as they are then.</summary>
    public Task<(BindingRefusal? Refused, IReadOnlyList<PortView> Ports)> Bind(
        IReadOnlyList<PortOrder> orders, CancellationToken stop)
    {
        if (Unanswerable(orders) is { } refusal)
            return Task.FromResult<(BindingRefusal?, IReadOnlyList<PortView>)>((refusal, []));

        return decisions.Decide<(BindingRefusal?, IReadOnlyList<PortView>)>(async session =>
        {
            var bound = new List<PortView>(orders.Count);
            var decided = new List<(IEventStream<Port> Stream, IReadOnlyList<PortEvent> Events)>();
            foreach (var (portId, order) in orders)
            {
                var stream = await session.FetchForWriting<Port>(Streams.Port(portId), stop);
                var (answer, events) = Binding.Decide(stream.State, order, stream.Now);
                if (answer is Binding.Refused refused)
                    return (new(portId, $"Port {portId}: {refused.Reason}", refused.Permanent), []);
                decided.Add((stream, events));
                bound.Add(new(portId, events.Aggregate(stream.State, (port, e) => port.Evolve(e))));
            }
            foreach (var (stream, events) in decided.Where(d => d.Events.Count > 0))
                stream.Append(events);
            return (null, bound);
        }, stop);
    }

    /// <summary>
    /// Takes the claim off the ports for good. An id that is none can never be bound, so nothing is kept.
    /// </summary>
    public Task Unbind(Guid claimId, IReadOnlyList<string> portIds, CancellationToken stop) =>
        decisions.Decide(async session =>
        {
            foreach (var portId in portIds.Distinct(StringComparer.Ordinal).Where(Streams.IsId))
            {
                var stream = await session.FetchForWriting<Port>(Streams.Port(portId), stop);
                var events = Unbinding.Decide(stream.State, claimId, stream.Now);
                if (events.Count > 0)
                    stream.Append(events);
            }
            return true;
        }, stop);

    private static BindingRefusal? Unanswerable(IReadOnlyList<PortOrder> orders)
    {
        if (orders.FirstOrDefault(o => !Streams.IsId(o.PortId)) is { } malformed)
            return new(malformed.PortId, $"'{malformed.PortId}' is no port id: it must be a UUID.", true);
        if (Twice(orders, o => o.PortId) is { } port)
            return new(port, $"Port {port} is named twice in one claim.", true);
        if (Twice(orders, o => o.Order.Claim.Function?.Address) is not { } address)
            return null;
        var shared = orders.Last(o => o.Order.Claim.Function?.Address == address);
        return new(
            shared.PortId, $"Port {shared.PortId}: {address} is given to another port of the claim.", true);
    }

    private static string? Twice(IReadOnlyList<PortOrder> orders, Func<PortOrder, string?> key) => orders
        .Select(key).Where(k => k != null).GroupBy(k => k).FirstOrDefault(g => g.Count() > 1)?.Key;
}
