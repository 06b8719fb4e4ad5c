namespace Platform.NetworkBinding.Domain;

/// <summary>What a user may do to a port, and what not while it is bound.</summary>
public static class PortChange
{
    /// <summary>What the user asks the port to become. An unchanged port is not written.</summary>
    public static (Refusal? Refused, IReadOnlyList<PortEvent> Events) Update(
        string id, Port port, PortAttributes attributes, ManualBinding binding, DateTimeOffset now)
    {
        var isBindingChanged = binding != port.Manual || attributes.VnicType != port.Attributes.VnicType;
        if (port.Claim is { } claim && isBindingChanged)
            return (InUse(id, port, claim), []);
        if (attributes.MacAddress != port.Attributes.MacAddress && port.HostId.Length > 0)
            return (MacOfBound(id, port, attributes.MacAddress), []);
        return attributes == port.Attributes && !isBindingChanged
            ? (null, [])
            : (null, [new PortUpdated(attributes, binding, now)]);
    }

    /// <summary>A port that a boot has is not deleted from under it.</summary>
    public static (Refusal? Refused, IReadOnlyList<PortEvent> Events) Delete(
        string id, Port port, DateTimeOffset now) =>
        port.Claim is { } claim ? (InUse(id, port, claim), []) : (null, [new PortDeleted(now)]);

    /// <summary>The only guard against another writer that Neutron has.</summary>
    public static Refusal? Guard(Port port, int? revision) => revision == null || revision == port.Revision
        ? null
        : new(
            "RevisionNumberConstraintFailed",
            $"Constrained to {revision}, but current revision is {port.Revision}");

    private static Refusal InUse(string id, Port port, PortClaim claim) => new(
        "PortInUse",
        $"Unable to complete operation on port {id} for network {port.NetworkId}. Port already has an "
        + $"attached device {claim.VmId}: it is bound to host {claim.HostId} for boot {claim.BootId}. "
        + "Stop that boot first.");

    private static Refusal MacOfBound(string id, Port port, string mac) => new(
        "PortBound",
        $"Unable to complete operation on port {id}, port is already bound, port type: "
        + $"{VnicType.VifType(port.Attributes.VnicType)}, old_mac {port.Attributes.MacAddress}, "
        + $"new_mac {mac}.");
}
