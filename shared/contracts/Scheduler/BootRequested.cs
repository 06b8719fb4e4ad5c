namespace Platform.Contracts.Scheduler;

/// <summary>
/// Somebody wants a virtual machine to run with these NICs. Published by anyone; the scheduler starts a boot.
/// Ends, always, in <see cref="BootSucceeded"/>, <see cref="BootFailed"/> or <see cref="BootStopped"/>.
/// The same request again changes nothing; another request under the same id is answered by
/// <see cref="BootRequestRejected"/>.
/// </summary>
/// <param name="BootId">Made by the requester, once, and never reused.</param>
/// <param name="VmId">The virtual machine, by the name or UUID its owner knows it by.</param>
/// <param name="ProjectId">The project (tenant) that pays for it.</param>
/// <param name="Nics">1 to 64 NICs, in the order the guest shall see them.</param>
public sealed record BootRequested(Guid BootId, string VmId, string ProjectId, IReadOnlyList<BootNic> Nics);

/// <summary>One NIC of a boot. Its port says what it needs: vnic type, network, MAC address.</summary>
/// <param name="PortId">A Neutron port, by its UUID.</param>
public sealed record BootNic(string PortId);
