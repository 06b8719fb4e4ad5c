namespace Platform.Contracts.NetworkBinding;

/// <summary>Every port of the claim is bound to its host, with its <c>binding:profile</c>.</summary>
public sealed record PortsBound(
    Guid BootId, Guid ClaimId, string HostId, IReadOnlyList<PortBinding> Bindings);

/// <summary>A bound port.</summary>
/// <param name="VifType"><c>hw_veb</c>, <c>hostdev_physical</c>, <c>ovs</c>, ...</param>
/// <param name="VifDetails">As Neutron gives them; <c>vlan</c> is a string, <c>"0"</c> on a flat
/// network.</param>
/// <param name="Profile">Null for a port of vnic type normal, which holds no function.</param>
public sealed record PortBinding(
    string PortId,
    string VnicType,
    string MacAddress,
    string VifType,
    IReadOnlyDictionary<string, string> VifDetails,
    BindingProfile? Profile);
