namespace Platform.HostAgent.Domain.Guests;

/// <summary>
/// What the switch in the card does with a guest's frames: a VLAN or a port profile. libvirt takes one of
/// them, so there is no value for both (H7).
/// </summary>
public abstract record Switching
{
    // One Qbh port profile's name has no more room in libvirt.
    private const int ProfileIdMax = 39;

    private Switching()
    {
    }

    /// <summary>Tags what the guest sends; the guest neither sees nor changes it (H5).</summary>
    public sealed record Vlan(int Id) : Switching;

    /// <summary>A profile of an 802.1Qbh switch (H6).</summary>
    public sealed record PortProfile(string Id) : Switching;

    /// <summary>The one that is given; null when neither is. VLAN 0 is none, as on a VF.</summary>
    /// <exception cref="GuestRefusedException">Both are given, or one that cannot be.</exception>
    public static Switching? Of(int? vlan, string? profileId = null, string profileType = "802.1Qbh")
    {
        if (vlan is < 0 or > 4094)
            throw Invalid($"VLAN {vlan} is not in 1 to 4094: write one that is, or 0 for none.");
        if (profileId is null)
            return vlan is null or 0 ? null : new Vlan(vlan.Value);

        if (vlan is > 0)
            throw Invalid(
                $"VLAN {vlan} and port profile '{profileId}' exclude each other: the profile says the VLAN. "
                + "Leave one out.");
        if (!profileType.Equals("802.1Qbh", StringComparison.OrdinalIgnoreCase))
            throw Invalid(
                $"Port profiles of {profileType} cannot be used here (H8): only 802.1Qbh switches can.");
        return profileId.Length <= ProfileIdMax
            ? new PortProfile(profileId)
            : throw Invalid(
                $"Port profile '{profileId}' has {profileId.Length} characters, {ProfileIdMax} at most.");
    }

    private static GuestRefusedException Invalid(string message) => new(GuestRefusalKind.Invalid, message);
}
