using System.Collections.Immutable;

namespace Platform.Inventory.Domain;

/// <summary>The life of the host's agent that is listened to.</summary>
/// <param name="Epoch">0 before the first agent was admitted.</param>
/// <param name="Sequence">Of the last of its events that was taken.</param>
/// <param name="Earlier">The lives before, newest last: a straggler of theirs must not end this one.</param>
public sealed record AgentLife(Guid InstanceId, long Epoch, long Sequence, ImmutableArray<Guid> Earlier)
{
    /// <summary>
    /// Enough to outlive any redelivery: an agent that restarts more often has other troubles.
    /// </summary>
    public const int EarlierKept = 16;

    public static readonly AgentLife None = new(Guid.Empty, 0, 0, []);

    public AgentLife Next(Guid instanceId, long epoch)
    {
        var earlier = Epoch == 0 ? Earlier : Earlier.Add(InstanceId);
        return new(instanceId, epoch, 0, [.. earlier.TakeLast(EarlierKept)]);
    }
}
