namespace Platform.Contracts.HostAgent;

/// <summary>The guest has its functions.</summary>
/// <param name="Devices">What each is in the guest's domain XML, for whatever starts the guest; null from
/// agents that do not say.</param>
public sealed record VfsPlugged(
    Guid BootId,
    Guid ClaimId,
    string HostId,
    long Generation,
    IReadOnlyList<PluggedDevice>? Devices = null);

/// <summary>One function as libvirt's domain XML has it.</summary>
/// <param name="Xml">An <c>interface</c> or a <c>hostdev</c> element.</param>
public sealed record PluggedDevice(Guid RequestId, string Address, string Xml);
