namespace Platform.Contracts.Scheduler;

/// <summary>The boot was stopped on request and holds nothing any more.</summary>
/// <param name="Releasing">True when the agent was away: owned by nobody and not offered, but not cleaned
/// yet.</param>
public sealed record BootStopped(Guid BootId, string? VmId, bool Releasing);
