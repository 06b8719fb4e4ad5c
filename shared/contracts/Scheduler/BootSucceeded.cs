using Platform.Contracts.NetworkBinding;

namespace Platform.Contracts.Scheduler;

/// <summary>
/// The virtual machine holds its functions, bound and plugged, until a <see cref="StopRequested"/>.
/// </summary>
/// <param name="Bindings">Each port with its <c>binding:profile</c>, in the order of the request's
/// NICs.</param>
/// <param name="Devices">The functions asked for by alias.</param>
/// <param name="GuestNumaCells">As in <see cref="VfReserved"/>.</param>
public sealed record BootSucceeded(
    Guid BootId,
    string VmId,
    Guid ClaimId,
    string HostId,
    IReadOnlyList<PortBinding> Bindings,
    IReadOnlyList<ReservedDevice>? Devices = null,
    IReadOnlyList<int>? GuestNumaCells = null);
