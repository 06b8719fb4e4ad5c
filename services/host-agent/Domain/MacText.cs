namespace Platform.HostAgent.Domain;

/// <summary>MAC addresses, as texts.</summary>
public static class MacText
{
    /// <summary>Null for one address of one interface; else what is wrong, and what to write.</summary>
    public static string? Refuse(string? mac) => IsUnicast(mac ?? "")
        ? null
        : $"'{mac}' is not a unicast address: write xx:xx:xx:xx:xx:xx with an even first octet, "
            + "not all zero.";

    private static bool IsUnicast(string mac)
    {
        var parts = mac.Split(':');
        if (parts.Length != 6 || !parts.All(part => part.Length == 2 && part.All(char.IsAsciiHexDigit)))
            return false;
        var octets = parts.Select(part => Convert.ToByte(part, 16)).ToList();
        return (octets[0] & 1) == 0 && octets.Any(octet => octet != 0);
    }
}
