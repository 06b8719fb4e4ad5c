using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults;

/// <summary>The limits of the bus, section <c>Bus</c>.</summary>
public sealed class BusOptions
{
    public const string Section = "Bus";

    /// <summary>Messages an endpoint holds unacknowledged.</summary>
    [Range(1, 1000, ErrorMessage = "give a number from 1 to 1000.")]
    public int Prefetch { get; set; } = 64;

    /// <summary>
    /// Messages an endpoint works on at once; together the endpoints share the database's pool.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "give a number from 1 to 1000.")]
    public int Concurrency { get; set; } = 16;

    /// <summary>Tries of a message that fails by itself, before it goes to the error queue.</summary>
    [Range(2, 20, ErrorMessage = "give a number from 2 to 20.")]
    public int Tries { get; set; } = 6;

    /// <summary>The delay after the first failed try; it doubles from try to try.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest delay between two tries.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The delay between two tries while a server is away. These tries are counted apart.</summary>
    public TimeSpan OutageDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a server may be away before its messages go to the error queue. The broker takes a message
    /// back after 30 minutes unacknowledged, so it stays well below.
    /// </summary>
    public TimeSpan OutageLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What DataAnnotations cannot say.</summary>
    public static string? Refuse(BusOptions options) =>
        options.RetryDelay <= TimeSpan.Zero || options.RetryDelayMax < options.RetryDelay
            ? "RetryDelay must be above zero, and RetryDelayMax no shorter."
            : options.OutageDelay <= TimeSpan.Zero || options.OutageLimit < options.OutageDelay
                ? "OutageDelay must be above zero, and OutageLimit no shorter."
                : null;
}
