namespace Platform.Contracts.HostAgent;

/// <summary>
/// Take the claim's functions from the guest, and refuse every later plug at or below its generation.
/// Answered by <see cref="VfsUnplugged"/>, also when none was plugged, or by <see cref="VfUnplugFailed"/>.
/// Sent to the agent's queue.
/// </summary>
public sealed record UnplugVfs(
    Guid BootId, Guid ClaimId, string HostId, long Generation, IReadOnlyList<string> Addresses);
