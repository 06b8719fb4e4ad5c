using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>The values of XML attributes, each checked before it is written.</summary>
internal static partial class Word
{
    public static string Device(string what, string value) => DeviceName().IsMatch(value)
        ? value
        : throw Invalid(what, value, "letters, digits, and any of _.-\\:/");

    /// <summary>Null for null: libvirt makes one up (H4).</summary>
    public static string? Mac(string? value) => value is null || MacText.Refuse(value) is not { } refusal
        ? value
        : throw new GuestRefusedException(GuestRefusalKind.Invalid, $"MAC address {refusal}");

    /// <summary>libvirt keeps only names that begin so, and drops others in silence.</summary>
    public static string Alias(string value) => AliasName().IsMatch(value)
        ? value
        : throw Invalid("alias", value, "ua- and then letters, digits, and any of _.-");

    public static string Count(string what, int value) => value > 0
        ? value.ToString(CultureInfo.InvariantCulture)
        : throw Invalid(what, value.ToString(CultureInfo.InvariantCulture), "a number from 1");

    public static string OneOf(string what, string value, params string[] allowed) =>
        allowed.Contains(value) ? value : throw Invalid(what, value, string.Join(", ", allowed));

    /// <summary>Some characters have no place in XML, not even escaped.</summary>
    public static string Text(string what, string value) =>
        value.All(XmlConvert.IsXmlChar) && value.Length > 0
            ? value
            : throw Invalid(what, value, "a text of printable characters");

    private static GuestRefusedException Invalid(string what, string value, string allowed) => new(
        GuestRefusalKind.Invalid, $"The {what} '{value}' of a guest's device cannot be: write {allowed}.");

    [GeneratedRegex(@"\A[a-zA-Z0-9_.\-\\:/]+\z")]
    private static partial Regex DeviceName();

    [GeneratedRegex(@"\Aua-[a-zA-Z0-9_.\-]+\z")]
    private static partial Regex AliasName();
}
