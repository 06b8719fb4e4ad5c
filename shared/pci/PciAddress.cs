using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Pci;

/// <summary>
/// Where a PCI function sits on its host: <c>dddd:bb:ss.f</c>, lower case, from <c>0000:00:00.0</c> to
/// <c>ffff:ff:1f.7</c>. Ordered as the kernel orders them.
/// </summary>
[JsonConverter(typeof(PciAddressJsonConverter))]
public readonly record struct PciAddress : IComparable<PciAddress>
{
    // 16 bits of domain, 8 of bus, 5 of slot, 3 of function: as the kernel packs them, and so in its order.
    private readonly uint packed;

    internal PciAddress(uint packed) => this.packed = packed;

    public int Domain => (int)(packed >> 16);

    public int Bus => (int)(packed >> 8 & 0xff);

    public int Slot => (int)(packed >> 3 & 0x1f);

    public int Function => (int)(packed & 7);

    /// <summary>Reads an address, or throws with the reason why it is none.</summary>
    public static PciAddress Parse(string? text) =>
        TryParse(text, out var address, out var reason) ? address : throw new FormatException(reason);

    /// <summary>Reads an address, or says why the text is none.</summary>
    public static bool TryParse(string? text, out PciAddress address, out string? reason)
    {
        address = default;
        reason = null;
        if (text is not { Length: 12 } || text[4] != ':' || text[7] != ':' || text[10] != '.'
            || !Hex(text.AsSpan(0, 4), out var domain) || !Hex(text.AsSpan(5, 2), out var bus)
            || !Hex(text.AsSpan(8, 2), out var slot) || !Hex(text.AsSpan(11, 1), out var function))
            reason = $"'{text}' is not a PCI address: write dddd:bb:ss.f in hex digits, as 0000:3b:02.4.";
        else if (slot > 0x1f)
            reason = $"'{text}' is not a PCI address: its slot {slot:x2} is above 1f.";
        else if (function > 7)
            reason = $"'{text}' is not a PCI address: its function {function:x} is above 7.";
        else
            address = new(domain << 16 | bus << 8 | slot << 3 | function);
        return reason is null;
    }

    public int CompareTo(PciAddress other) => packed.CompareTo(other.packed);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Domain:x4}:{Bus:x2}:{Slot:x2}.{Function:x}");

    public static bool operator <(PciAddress left, PciAddress right) => left.packed < right.packed;

    public static bool operator >(PciAddress left, PciAddress right) => left.packed > right.packed;

    public static bool operator <=(PciAddress left, PciAddress right) => left.packed <= right.packed;

    public static bool operator >=(PciAddress left, PciAddress right) => left.packed >= right.packed;

    // Parsing alone would let zero characters at the end pass.
    private static bool Hex(ReadOnlySpan<char> digits, out uint value) =>
        uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        && char.IsAsciiHexDigit(digits[^1]);
}

/// <summary>An address is a string in JSON, as a value and as a key.</summary>
public sealed class PciAddressJsonConverter : JsonConverter<PciAddress>
{
    public override PciAddress Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PciAddress.TryParse(reader.GetString(), out var address, out var reason)
            ? address
            : throw new JsonException(reason);

    public override PciAddress ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void Write(Utf8JsonWriter writer, PciAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override void WriteAsPropertyName(
        Utf8JsonWriter writer, PciAddress value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}
