using Platform.Pci;

namespace Platform.Scheduler.Domain;

/// <summary>Why one host was refused.</summary>
/// <param name="Code">A stable reason code.</param>
/// <param name="Missing">How many functions were short; how near the host came.</param>
public sealed record Refusal(string HostId, string Code, string Reason, long Missing)
{
    public const string Offline = "host-offline";
    public const string Insufficient = "insufficient";
    public const string Numa = "numa";
    public const string Grouping = "grouping";

    public static string CodeOf(Lack lack) => lack switch
    {
        Lack.Numa => Numa,
        Lack.Grouping => Grouping,
        _ => Insufficient,
    };
}
