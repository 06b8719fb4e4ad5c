using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>The sagas' times and limits: configuration section <c>Sagas</c>.</summary>
public sealed class SagaOptions
{
    public const string Section = "Sagas";

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    /// <summary>How often passed deadlines are looked for.</summary>
    public TimeSpan DeadlinePoll { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How soon a deadline is sent again when the saga has not moved on.</summary>
    public TimeSpan DeadlineRepeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many rows one look takes.</summary>
    [Range(1, 10_000, ErrorMessage = "give a number from 1 to 10000.")]
    public int BatchSize { get; set; } = 100;

    /// <summary>How long a consumed message is remembered. Must outlive its redelivery.</summary>
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// After how long a committed message that its consumer did not deliver is delivered for it.
    /// </summary>
    public TimeSpan OwedAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often old inbox rows and owed messages are looked for.</summary>
    public TimeSpan UpkeepPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the broker may take to confirm one message.</summary>
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What DataAnnotations cannot say.</summary>
    public static string? Refuse(SagaOptions options) =>
        new[]
        {
            options.DeadlinePoll, options.DeadlineRepeat, options.InboxRetention, options.OwedAfter,
            options.UpkeepPeriod, options.DeliveryTimeout,
        }.Min() < Least
            ? $"a time is shorter than {Least}: give each of them at least that."
            : options.OwedAfter <= options.DeliveryTimeout
                ? "OwedAfter must be longer than DeliveryTimeout, or what is still on its way is sent again."
                : null;
}
