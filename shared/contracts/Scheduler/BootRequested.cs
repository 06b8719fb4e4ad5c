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
/// <param name="Nics">At most 64 NICs, in the order the guest shall see them. May be empty when
/// <paramref name="ExtraSpecs"/> ask for devices.</param>
/// <param name="ExtraSpecs">The flavor's, in Nova's words. Read are <c>pci_passthrough:alias</c>
/// (<c>a1:2,b1:1</c>: two devices of alias a1, one of b1), <c>hw:pci_numa_affinity_policy</c>
/// (<c>required</c>, <c>socket</c>, <c>preferred</c> or <c>legacy</c>) and <c>hw:numa_nodes</c> (on how many
/// NUMA cells the guest runs; left out, NUMA does not matter). Other keys are of no concern here.</param>
public sealed record BootRequested(
    Guid BootId,
    string VmId,
    string ProjectId,
    IReadOnlyList<BootNic> Nics,
    IReadOnlyDictionary<string, string?>? ExtraSpecs = null,
    BootPlacement? Placement = null);

/// <summary>One NIC of a boot. Its port says what it needs: vnic type, network, MAC address.</summary>
/// <param name="PortId">A Neutron port, by its UUID.</param>
/// <param name="Pin">The address of the one function to take, or of the PF to take a VF of; null for any. A
/// pin needs a <see cref="BootPlacement.HostId"/>, whose function it is.</param>
public sealed record BootNic(string PortId, string? Pin = null);

/// <summary>Where a boot may go, and how its functions shall lie.</summary>
/// <param name="HostId">The only host that will do; null for any.</param>
/// <param name="Hosts"><c>spread</c> prefers the host with the most functions free, <c>pack</c> the one with
/// the fewest that are enough; null is <c>spread</c>.</param>
/// <param name="Groups">At most 16. A boot that they cannot be kept for is refused.</param>
public sealed record BootPlacement(
    string? HostId = null, string? Hosts = null, IReadOnlyList<BootGroup>? Groups = null);

/// <summary>Functions of a boot that belong apart or together.</summary>
/// <param name="Policy"><c>spread</c>: no two share a PF or card; <c>pack</c>: all share one.</param>
/// <param name="By"><c>pf</c> or <c>card</c>.</param>
/// <param name="Members">Ports by their ids, and aliases by their names; null for all the boot asks
/// for.</param>
public sealed record BootGroup(string Policy, string By, IReadOnlyList<string>? Members = null);
