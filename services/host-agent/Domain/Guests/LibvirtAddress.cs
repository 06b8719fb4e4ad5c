using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Platform.Pci;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>PCI addresses as libvirt writes them.</summary>
public static partial class LibvirtAddress
{
    // More would not fit, and no field is so large.
    private const int OctalDigits = 10;

    private static readonly string[] Fields = ["domain", "bus", "slot", "function"];

    /// <summary>The attributes of an <c>&lt;address&gt;</c>, in hex (H1).</summary>
    public static IEnumerable<XAttribute> Attributes(PciAddress address) =>
    [
        new("domain", Hex(address.Domain, 4)), new("bus", Hex(address.Bus, 2)),
        new("slot", Hex(address.Slot, 2)), new("function", Hex(address.Function, 1)),
    ];

    /// <summary>
    /// Reads an <c>&lt;address&gt;</c>: each attribute is hex with 0x, octal with a leading 0, or decimal
    /// (H11); one that is missing is 0.
    /// </summary>
    /// <exception cref="GuestRefusedException">It is no address of a function.</exception>
    public static PciAddress Read(XElement address) => TryRead(address) ?? throw Wrong(
        address.ToString(SaveOptions.DisableFormatting),
        "domain to 0xffff, bus to 0xff, slot to 0x1f, function to 7, in hex with 0x or in decimal");

    /// <summary>As <see cref="Read"/>; null when it is no address of a function.</summary>
    public static PciAddress? TryRead(XElement address) =>
        Fields.Select(field => Number((string?)address.Attribute(field) ?? "0")).ToArray()
            is [{ } domain, { } bus, { } slot, { } function]
            ? Of(domain, bus, slot, function)
            : null;

    /// <summary>The name of a function among libvirt's node devices: <c>pci_0000_3b_02_1</c>.</summary>
    public static string NodedevName(PciAddress address) =>
        $"pci_{address.ToString().Replace(':', '_').Replace('.', '_')}";

    /// <summary>Reads the name of a node device.</summary>
    /// <exception cref="GuestRefusedException">It names no PCI function.</exception>
    public static PciAddress ReadNodedevName(string name) =>
        Nodedev().Match(name) is { Success: true } match
        && Of(Digits(match, 1), Digits(match, 2), Digits(match, 3), Digits(match, 4)) is { } address
            ? address
            : throw Wrong(name, "pci_dddd_bb_ss_f in hex digits, as pci_0000_3b_02_1");

    /// <summary>
    /// Reads the <c>pci_slot</c> of a port's binding. Nobody checks that when it is written, so digits may be
    /// missing in front.
    /// </summary>
    /// <exception cref="GuestRefusedException">It is no address of a function.</exception>
    public static PciAddress ReadSlot(string slot) =>
        Slot().Match(slot) is { Success: true } match
        && Of(Digits(match, 1), Digits(match, 2), Digits(match, 3), Digits(match, 4)) is { } address
            ? address
            : throw Wrong(slot, "dddd:bb:ss.f in hex digits, as 0000:3b:02.1");

    private static PciAddress? Of(uint domain, uint bus, uint slot, uint function) =>
        domain <= ushort.MaxValue && bus <= byte.MaxValue && slot <= 0x1f && function <= 7
            ? PciAddress.Parse(string.Create(
                CultureInfo.InvariantCulture, $"{domain:x4}:{bus:x2}:{slot:x2}.{function:x}"))
            : null;

    private static string Hex(int value, int digits) =>
        "0x" + value.ToString($"x{digits}", CultureInfo.InvariantCulture);

    private static uint Digits(Match match, int group) => uint.Parse(
        match.Groups[group].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    // As C reads numbers; libvirt does.
    private static uint? Number(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return uint.TryParse(
                text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)
                ? hex : null;
        if (text.StartsWith('0'))
            return text.Length <= OctalDigits && text.All(digit => digit is >= '0' and <= '7')
                ? text.Aggregate(0u, (value, digit) => value * 8 + digit - '0') : null;
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
    }

    private static GuestRefusedException Wrong(string value, string allowed) => new(
        GuestRefusalKind.WrongAddress, $"'{value}' is not the address of a PCI function: write {allowed}.");

    [GeneratedRegex(@"\Apci_([0-9a-f]{4})_([0-9a-f]{2})_([0-9a-f]{2})_([0-7])\z")]
    private static partial Regex Nodedev();

    [GeneratedRegex(@"\A([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,2}):([0-9a-fA-F]{1,2})\.([0-7])\z")]
    private static partial Regex Slot();
}
