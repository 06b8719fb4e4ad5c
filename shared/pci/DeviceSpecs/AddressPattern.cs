using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Pci.DeviceSpecs;

/// <summary>The <c>address</c> of a device spec entry.</summary>
internal abstract record AddressPattern
{
    /// <summary>The one address it names; null when it may match several.</summary>
    public abstract PciAddress? Single { get; }

    public abstract bool Matches(PciAddress address);
}

/// <summary>
/// Each field a number or any: <c>[[[[domain]:]bus]:][slot][.[function]]</c>, with <c>*</c> for any (A5 to
/// A7).
/// </summary>
/// <param name="Domain">Null for any, as the others.</param>
internal sealed record GlobAddress(int? Domain, int? Bus, int? Slot, int? Function) : AddressPattern
{
    public static readonly GlobAddress Any = new(null, null, null, null);

    public override PciAddress? Single =>
        (Domain, Bus, Slot, Function) is ({ } domain, { } bus, { } slot, { } function)
            ? PciAddress.Parse($"{domain:x4}:{bus:x2}:{slot:x2}.{function:x}")
            : null;

    public static GlobAddress Of(PciAddress address) =>
        new(address.Domain, address.Bus, address.Slot, address.Function);

    /// <summary>
    /// Fields that are blank, or left out on the left, are any; so is the function when nothing follows
    /// the <c>.</c>. A blank function is refused, as in Nova.
    /// </summary>
    public static GlobAddress Parse(string text, SpecEntry entry)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var rest = dot < 0 ? "" : text[(dot + 1)..];
        var function = rest.Length == 0
            ? null
            : entry.HexOrAny("address.function", rest.Trim(), ReportedAddress.MaxFunction);

        var before = dot < 0 ? text : text[..dot];
        if (before.Length == 0)
            return new(null, null, null, function);
        var fields = before.Split(':', 5);
        if (fields.Length > 3)
            throw entry.Refuse(
                SpecRefusalKind.WrongAddressFormat, "address", text, "the form is dddd:bb:ss.f");

        return new(
            Field("domain", 3, ReportedAddress.MaxDomain), Field("bus", 2, ReportedAddress.MaxBus),
            Field("slot", 1, ReportedAddress.MaxSlot), function);

        int? Field(string name, int fromRight, int max) =>
            fields.Length < fromRight || string.IsNullOrWhiteSpace(fields[^fromRight])
                ? null
                : entry.HexOrAny($"address.{name}", fields[^fromRight].Trim(), max);
    }

    public override bool Matches(PciAddress address) =>
        (Domain is null || Domain == address.Domain) && (Bus is null || Bus == address.Bus)
        && (Slot is null || Slot == address.Slot) && (Function is null || Function == address.Function);
}

/// <summary>
/// A regex for each field (AX2), which need match only the beginning of the field: <c>{"bus": "0"}</c> is
/// every bus from 00 to 0f.
/// </summary>
/// <param name="Domain">Null for any, as the others.</param>
internal sealed record RegexAddress(
    Regex? Domain, Regex? Bus, Regex? Slot, Regex? Function, PciAddress? Whole) : AddressPattern
{
    public override PciAddress? Single => Whole;

    public override bool Matches(PciAddress address) =>
        Begins(Domain, address.Domain, "x4") && Begins(Bus, address.Bus, "x2")
        && Begins(Slot, address.Slot, "x2") && Begins(Function, address.Function, "x");

    private static bool Begins(Regex? pattern, int field, string format)
    {
        if (pattern is null)
            return true;
        Span<char> digits = stackalloc char[4];
        field.TryFormat(digits, out var length, format, CultureInfo.InvariantCulture);
        // The leftmost match comes first, and begins at 0 if any does.
        var matches = pattern.EnumerateMatches(digits[..length]);
        return matches.MoveNext() && matches.Current.Index == 0;
    }
}
