namespace Platform.Contracts.HostAgent;

/// <summary>
/// Make these functions fit for another guest: taken from any guest, MAC zero, VLAN 0, trust off, spoof check
/// on, the host's driver back. Refuses every later plug at or below the generation. Answered by
/// <see cref="DevicesCleaned"/>, and by a <see cref="DeviceCleanFailed"/> for each function that could not
/// be. Sent to the agent's queue.
/// </summary>
public sealed record CleanDevices(
    string HostId, Guid ClaimId, long Generation, IReadOnlyList<string> Addresses);
