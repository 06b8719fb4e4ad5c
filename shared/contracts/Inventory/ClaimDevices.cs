namespace Platform.Contracts.Inventory;

/// <summary>
/// Hold functions of one host that meet these requests, all of them or none. The inventory picks them.
/// Answered by <see cref="DevicesClaimed"/> or <see cref="ClaimRejected"/>; a claim once released is never
/// given again. A boot without PCI functions asks for none, and its claim holds its place on the host.
/// </summary>
/// <param name="LeaseSeconds">How long the claim stands without <see cref="ConfirmClaim"/>, in the database's
/// time.</param>
/// <param name="NotAfter">After this moment the command is refused.</param>
/// <param name="Groups">What holds between the functions of several requests; null for nothing.</param>
/// <param name="GuestNumaCells">On how many NUMA cells of the host the guest runs; null when NUMA does not
/// matter.</param>
public sealed record ClaimDevices(
    Guid BootId,
    string VmId,
    Guid ClaimId,
    string HostId,
    IReadOnlyList<DeviceRequest> Requests,
    int LeaseSeconds,
    DateTimeOffset NotAfter,
    IReadOnlyList<DeviceGroup>? Groups = null,
    int? GuestNumaCells = null)
{
    public static readonly Uri Queue = new("queue:claim-devices");
}

/// <summary>A PCI request, in Nova's shape.</summary>
/// <param name="RequestId">The <c>pci_request_id</c>.</param>
/// <param name="Spec">Alternatives; a device meets the request when it meets every key of one of them. Keys:
/// <c>vendor_id</c>, <c>product_id</c>, <c>dev_type</c>, or any tag, as <c>physical_network</c> (which may be
/// null).</param>
/// <param name="NumaPolicy"><c>required</c>, <c>socket</c>, <c>preferred</c> or <c>legacy</c>; null is
/// <c>legacy</c>.</param>
/// <param name="Pin">The address of the one function to take, or of the PF to take VFs of.</param>
public sealed record DeviceRequest(
    Guid RequestId,
    int Count,
    IReadOnlyList<IReadOnlyDictionary<string, string?>> Spec,
    string? NumaPolicy = null,
    string? Pin = null);

/// <summary>Requests whose functions belong apart or together.</summary>
/// <param name="Policy"><c>spread</c> or <c>pack</c>.</param>
/// <param name="By"><c>pf</c> or <c>card</c>.</param>
public sealed record DeviceGroup(string Policy, string By, IReadOnlyList<Guid> RequestIds);
