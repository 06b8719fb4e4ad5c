namespace Platform.NetworkBinding.Domain;

/// <summary>Neutron's vnic types, as far as they are bound here, and what follows from each.</summary>
public static class VnicType
{
    public const string Normal = "normal";
    public const string Direct = "direct";
    public const string Macvtap = "macvtap";
    public const string DirectPhysical = "direct-physical";

    public static readonly IReadOnlyList<string> All = [Normal, Direct, Macvtap, DirectPhysical];

    public static bool TakesFunction(string vnicType) => vnicType != Normal;

    /// <summary>The device type a port of this vnic type is given.</summary>
    public static string DeviceType(string vnicType) => vnicType == DirectPhysical ? "type-PF" : "type-VF";

    /// <summary>The vif type of a bound port.</summary>
    public static string VifType(string vnicType) => vnicType switch
    {
        Normal => "ovs",
        DirectPhysical => "hostdev_physical",
        _ => "hw_veb",
    };
}
