namespace Platform.Gateway.Api;

/// <summary>A boot to be had.</summary>
/// <param name="BootId">Makes a repeated request harmless; made here when left out.</param>
/// <param name="VmId">The virtual machine's name or UUID.</param>
/// <param name="ProjectId">The project that pays for it.</param>
/// <param name="Nics">1 to 64, in the order the guest shall see them.</param>
public sealed record BootRequest(
    Guid? BootId, string? VmId, string? ProjectId, IReadOnlyList<NicRequest?>? Nics);

/// <summary>One NIC.</summary>
/// <param name="PortId">A Neutron port's UUID.</param>
public sealed record NicRequest(string? PortId);

/// <summary>The request was taken down; follow the boot under its id.</summary>
public sealed record AcceptedBoot(Guid BootId);
