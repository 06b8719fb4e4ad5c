namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// A reported device whose addresses are read when an entry first asks for them, and then kept: an address
/// that is none does no harm where nobody asks.
/// </summary>
internal sealed class DeviceAddresses(ReportedDevice reported)
{
    private (PciAddress? Address, SpecRefusal? Refusal)? own;
    private (PciAddress? Address, SpecRefusal? Refusal)? parent;

    public ReportedDevice Reported => reported;

    public bool HasParent => !string.IsNullOrEmpty(reported.ParentAddress);

    public PciAddress? Own(out SpecRefusal? refusal) => Read(ref own, reported.Address, out refusal);

    public PciAddress? Parent(out SpecRefusal? refusal) =>
        Read(ref parent, reported.ParentAddress!, out refusal);

    private static PciAddress? Read(
        ref (PciAddress? Address, SpecRefusal? Refusal)? kept, string text, out SpecRefusal? refusal)
    {
        kept ??= (ReportedAddress.Read(text, out var reason), reason);
        refusal = kept.Value.Refusal;
        return kept.Value.Address;
    }
}
