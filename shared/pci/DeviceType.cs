namespace Platform.Pci;

/// <summary>What kind of function a device is, in the words of PCI requests.</summary>
public static class DeviceType
{
    /// <summary>A plain function: neither has nor is a virtual function.</summary>
    public const string Pci = "type-PCI";

    /// <summary>A physical function, able to have virtual ones.</summary>
    public const string Pf = "type-PF";

    /// <summary>A virtual function.</summary>
    public const string Vf = "type-VF";

    /// <summary>A virtual function behind a vDPA device.</summary>
    public const string Vdpa = "vdpa";

    /// <summary>What the host agents report.</summary>
    public static bool IsKnown(string? type) => type is Pci or Pf or Vf;
}
