namespace Platform.NetworkBinding.Domain;

/// <summary>Whether a boot can have a port.</summary>
public static class Resolution
{
    /// <summary>
    /// Null when it can, else what stands against it. A boot that has the port already can have it.
    /// </summary>
    public static string? Problem(Port port, Guid bootId)
    {
        if (!port.Exists)
            return "There is no such port: create it, or correct the id.";
        if (Foreign(port, bootId) is { } reason)
            return reason;
        return VnicType.TakesFunction(port.Attributes.VnicType) && port.PhysicalNetwork == null
            ? $"Its vnic type {port.Attributes.VnicType} takes a PCI function, but network {port.NetworkId} "
                + $"({port.Segment.Type}) has no physical network: use a vlan or flat network, "
                + "or vnic type normal."
            : null;
    }

    /// <summary>Why the port is somebody else's; null when it is free or the boot's own.</summary>
    public static string? Foreign(Port port, Guid bootId)
    {
        if (port.Claim is { } claim && claim.BootId != bootId)
            return $"It is bound for boot {claim.BootId} ({claim.VmId}) on host {claim.HostId}.";
        return port.Manual.HostId.Length > 0
            ? $"It is bound to host {port.Manual.HostId} by hand: clear its binding:host_id first."
            : null;
    }
}
