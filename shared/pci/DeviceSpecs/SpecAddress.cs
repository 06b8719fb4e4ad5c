using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Pci.DeviceSpecs;

/// <summary>Where the functions of an entry are: <c>address</c> or <c>devname</c>, never both.</summary>
internal static class SpecAddress
{
    private const string Allowed = "write a string such as *:3b:00.*, or an object of regexes";

    public static (AddressPattern? Address, string? Devname) Take(SpecEntry entry)
    {
        var devname = entry.TakeUnlessEmpty("devname");
        var address = entry.TakeUnlessEmpty("address");
        if (devname is { ValueKind: not JsonValueKind.String } value)
            throw entry.Refuse(
                SpecRefusalKind.Invalid, "devname", value.GetRawText(), "write a network device's name");
        if (devname is not null && address is not null)
            throw entry.Refuse(
                SpecRefusalKind.AddressAndDevname, "devname", devname.Value.GetString()!,
                "write address or devname, not both");

        if (devname is not null)
            return (null, devname.Value.GetString());
        return (address?.ValueKind switch
        {
            null => GlobAddress.Any,
            JsonValueKind.String => GlobAddress.Parse(address.Value.GetString()!, entry),
            JsonValueKind.Object => Regexes(address.Value, entry),
            _ => throw entry.Refuse(
                SpecRefusalKind.WrongAddressFormat, "address", address.Value.GetRawText(), Allowed),
        }, null);
    }

    private static RegexAddress Regexes(JsonElement address, SpecEntry entry)
    {
        var domain = Pattern("domain");
        var bus = Pattern("bus");
        var slot = Pattern("slot");
        var function = Pattern("function");
        return new(
            Compile("domain", domain), Compile("bus", bus), Compile("slot", slot),
            Compile("function", function), Single($"{domain}:{bus}:{slot}.{function}"));

        string? Pattern(string name)
        {
            if (!address.TryGetProperty(name, out var value))
                return null;
            return value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : throw entry.Refuse(
                    SpecRefusalKind.WrongAddressFormat, $"address.{name}", value.GetRawText(),
                    "write a regex in a string");
        }

        Regex? Compile(string name, string? pattern) =>
            pattern is null ? null
            : PythonRegex.TryCompile(pattern, out var regex, out var reason)
                ? regex
                : throw entry.Refuse(
                    SpecRefusalKind.WrongAddressFormat, $"address.{name}", pattern, reason);
    }

    // Regexes of nothing but digits, as sysfs writes them, name one function.
    private static PciAddress? Single(string text) =>
        PciAddress.TryParse(text, out var address, out _) && address.ToString() == text ? address : null;
}
