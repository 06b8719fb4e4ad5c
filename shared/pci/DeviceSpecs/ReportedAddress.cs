namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// Addresses as a host reports them: domain, bus, slot and function, each of any number of hex digits. They
/// are normalised, so that <c>0:A:0.1</c> is <c>0000:0a:00.1</c>.
/// </summary>
public static class ReportedAddress
{
    internal const int MaxDomain = 0xffff;
    internal const int MaxBus = 0xff;
    internal const int MaxSlot = 0x1f;
    internal const int MaxFunction = 7;

    /// <summary>Reads an address; null with the reason when it is none that can be passed through (AX3).
    /// </summary>
    public static PciAddress? Read(string text, out SpecRefusal? refusal)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var fields = (dot < 0 ? text : text[..dot]).Split(':', 4);
        if (fields.Length != 3)
        {
            refusal = Refuse(
                SpecRefusalKind.WrongAddressFormat, "address", text, "the form is dddd:bb:ss.f");
            return null;
        }

        // Nova looks at the function first, and so the same of several faults is named.
        var function = Field("function", dot < 0 ? "" : text[(dot + 1)..], MaxFunction, out refusal);
        var domain = refusal is null ? Field("domain", fields[0], MaxDomain, out refusal) : 0;
        var bus = refusal is null ? Field("bus", fields[1], MaxBus, out refusal) : 0;
        var slot = refusal is null ? Field("slot", fields[2], MaxSlot, out refusal) : 0;
        return refusal is null ? PciAddress.Parse($"{domain:x4}:{bus:x2}:{slot:x2}.{function:x}") : null;
    }

    private static int Field(string name, string text, int max, out SpecRefusal? refusal)
    {
        refusal = HexField.TryRead(text, max, out var value, out var allowed)
            ? null
            : Refuse(SpecRefusalKind.Invalid, $"address.{name}", text, allowed);
        return value;
    }

    private static SpecRefusal Refuse(SpecRefusalKind kind, string field, string value, string allowed) =>
        new(kind, 0, field, value, allowed);
}
