namespace Platform.Contracts.HostAgent;

/// <summary>
/// The inventory admits this life of the agent under an epoch of its own, and tells it what is fenced off.
/// The agent answers with <see cref="HostReported"/>. Sent to the agent's queue.
/// </summary>
/// <param name="InstanceId">The life that asked. Any other ignores it.</param>
/// <param name="Fences">For every function ever released: plugs at or below this generation are
/// refused.</param>
public sealed record AdmitAgent(
    string HostId, Guid InstanceId, long Epoch, IReadOnlyDictionary<string, long> Fences);
