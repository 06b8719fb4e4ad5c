namespace Platform.HostAgent.Domain.Discovery;

/// <summary>What the kernel tells of a device that came, went or changed.</summary>
public sealed record Uevent(string Action, string Path, string Subsystem)
{
    // What a snapshot is made of.
    private static readonly string[] Subsystems = ["pci", "net", "vfio", "vfio-dev", "node", "cpu"];

    /// <summary>A snapshot taken before it may be outdated.</summary>
    public bool Matters => Subsystems.Contains(Subsystem);

    /// <summary>
    /// <c>add@/devices/...</c> and then <c>KEY=value</c>s, each ended by a zero. Null for anything else, as
    /// what udev sends on.
    /// </summary>
    public static Uevent? Parse(string message)
    {
        var parts = message.Split('\0');
        var at = parts[0].IndexOf('@', StringComparison.Ordinal);
        if (at < 1)
            return null;
        const string subsystem = "SUBSYSTEM=";
        var named = parts.FirstOrDefault(part => part.StartsWith(subsystem, StringComparison.Ordinal));
        return named is null ? null : new(parts[0][..at], parts[0][(at + 1)..], named[subsystem.Length..]);
    }
}
