using System.Globalization;

namespace Platform.HostAgent.Domain.Guests;

/// <summary>How much a guest's interface may receive and send; null for as much as it can.</summary>
public sealed record Bandwidth(Rate? Inbound, Rate? Outbound)
{
    private const string Prefix = "quota:vif_";

    /// <summary>
    /// As a flavor's extra specs say: <c>quota:vif_inbound_average</c> and its like. Peak and burst mean
    /// nothing without an average, and are then left out. Null when nothing is said.
    /// </summary>
    public static Bandwidth? OfFlavor(IReadOnlyDictionary<string, string> extraSpecs)
    {
        var (inbound, outbound) = (Read(extraSpecs, "inbound"), Read(extraSpecs, "outbound"));
        return inbound is null && outbound is null ? null : new(inbound, outbound);
    }

    private static Rate? Read(IReadOnlyDictionary<string, string> extraSpecs, string direction)
    {
        long? Value(string what) => extraSpecs.TryGetValue($"{Prefix}{direction}_{what}", out var text)
            ? Number($"{Prefix}{direction}_{what}", text)
            : null;

        var (average, peak, burst) = (Value("average"), Value("peak"), Value("burst"));
        return average is null ? null : new(average.Value, peak, burst);
    }

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new GuestRefusedException(
                GuestRefusalKind.Invalid, $"{name} is '{text}': write a number of KiB, in decimal digits.");
}

/// <summary>Average and peak in KiB a second, burst in KiB.</summary>
public sealed record Rate(long Average, long? Peak = null, long? Burst = null);
