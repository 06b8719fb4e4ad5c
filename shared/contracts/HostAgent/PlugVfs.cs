namespace Platform.Contracts.HostAgent;

/// <summary>
/// Configure these functions and give them to the guest, all of them or none. Answered by
/// <see cref="VfsPlugged"/> or <see cref="VfPlugFailed"/>. Sent to the agent's queue.
/// </summary>
/// <param name="Generation">The claim's. Refused when the function was unplugged or cleaned at it or
/// above.</param>
/// <param name="NotAfter">After this moment the command is refused.</param>
/// <param name="Devices">Functions that belong to no port, given as they are; null for none.</param>
public sealed record PlugVfs(
    Guid BootId,
    string VmId,
    Guid ClaimId,
    string HostId,
    long Generation,
    DateTimeOffset NotAfter,
    IReadOnlyList<VfPlug> Vfs,
    IReadOnlyList<DevicePlug>? Devices = null);

/// <summary>One function and what it is set to.</summary>
/// <param name="Vlan">1 to 4094, or null for none.</param>
public sealed record VfPlug(
    Guid RequestId, string PortId, string Address, string VnicType, string MacAddress, int? Vlan);

/// <summary>One function asked for by alias: a GPU, an NVMe disk, a whole PF.</summary>
public sealed record DevicePlug(Guid RequestId, string Address);
