using System.Collections.Concurrent;
using Platform.Contracts.Scheduler;
using Platform.Gateway.Owners;

namespace Platform.Gateway.Api;

/// <summary>
/// Boots accepted here a moment ago, which the scheduler may not have seen yet: so that whoever follows the
/// address of an accepted boot is not told that there is none. Bounded, and not kept.
/// </summary>
public sealed class AcceptedBoots(TimeProvider clock)
{
    private const int CountMax = 10_000;
    private readonly ConcurrentDictionary<Guid, Boot> boots = new();
    private readonly ConcurrentQueue<Guid> order = new();

    public void Add(BootRequested request)
    {
        var boot = new Boot(
            request.BootId,
            request.VmId,
            request.ProjectId,
            State: "Accepted",
            clock.GetUtcNow(),
            HostId: null,
            ClaimId: null,
            Attempts: 0,
            request.Nics,
            request.ExtraSpecs ?? new Dictionary<string, string?>(),
            request.Placement,
            [],
            [],
            GuestNumaCells: null,
            Failure: null,
            new Dictionary<string, string>(),
            Releasing: false,
            []);
        if (!boots.TryAdd(request.BootId, boot))
            return;
        order.Enqueue(request.BootId);
        while (order.Count > CountMax && order.TryDequeue(out var oldest))
            boots.TryRemove(oldest, out _);
    }

    public Boot? Find(Guid bootId) => boots.GetValueOrDefault(bootId);
}
