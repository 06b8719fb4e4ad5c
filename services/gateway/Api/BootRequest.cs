using Platform.Contracts.Scheduler;

namespace Platform.Gateway.Api;

/// <summary>A boot to be had.</summary>
/// <param name="BootId">Makes a repeated request harmless; made here when left out.</param>
/// <param name="VmId">The virtual machine's name or UUID.</param>
/// <param name="ProjectId">The project that pays for it.</param>
/// <param name="Nics">At most 64, in the order the guest shall see them. May be left out when the extra specs
/// ask for devices.</param>
/// <param name="ExtraSpecs">The flavor's: <c>pci_passthrough:alias</c>, <c>hw:pci_numa_affinity_policy</c>
/// and <c>hw:numa_nodes</c> are read.</param>
/// <param name="Placement">Where it may go, and how its functions shall lie.</param>
public sealed record BootRequest(
    Guid? BootId,
    string? VmId,
    string? ProjectId,
    IReadOnlyList<NicRequest?>? Nics,
    IReadOnlyDictionary<string, string?>? ExtraSpecs = null,
    BootPlacement? Placement = null);

/// <summary>One NIC.</summary>
/// <param name="PortId">A Neutron port's UUID.</param>
/// <param name="Pin">The address of the one function to take, or of the PF to take a VF of, on
/// <c>placement.hostId</c>.</param>
public sealed record NicRequest(string? PortId, string? Pin = null);

/// <summary>The request was taken down; follow the boot under its id.</summary>
public sealed record AcceptedBoot(Guid BootId);
