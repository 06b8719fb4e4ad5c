namespace Platform.Contracts.Scheduler;

/// <summary>
/// The boot ended and everything it held was taken back. The first error is the one reported.
/// </summary>
/// <param name="Code">A stable reason code, for programs: <c>no-host</c>, <c>quota</c>,
/// <c>invalid-request</c>, <c>port-resolution</c>, <c>binding</c>, <c>plug</c>, <c>claim</c>,
/// <c>timeout</c>.</param>
/// <param name="Reason">For people: what is wrong, with which value, and what to do.</param>
/// <param name="Attempts">Hosts that were tried.</param>
/// <param name="RefusedHosts">Hosts refused, counted by reason code.</param>
/// <param name="NearestHosts">At most twenty, nearest first.</param>
/// <param name="NearestMiss">What would have made the nearest host fit.</param>
/// <param name="Releasing">True when the agent was away: owned by nobody and not offered, but not cleaned
/// yet.</param>
public sealed record BootFailed(
    Guid BootId,
    string VmId,
    string Code,
    string Reason,
    int Attempts,
    IReadOnlyDictionary<string, int> RefusedHosts,
    IReadOnlyList<HostRefusal> NearestHosts,
    string? NearestMiss,
    bool Releasing);

/// <summary>Why one host was refused.</summary>
public sealed record HostRefusal(string HostId, string Code, string Reason);
