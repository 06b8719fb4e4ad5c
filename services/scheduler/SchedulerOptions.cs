using System.ComponentModel.DataAnnotations;
using Platform.Pci.Requests;

namespace Platform.Scheduler;

/// <summary>Settings of the scheduler, section <c>Scheduler</c>.</summary>
public sealed class SchedulerOptions
{
    private static readonly TimeSpan LimitMax = TimeSpan.FromDays(1);

    /// <summary>Hosts a boot tries before it fails.</summary>
    [Range(1, 100, ErrorMessage = "give a number from 1 to 100.")]
    public int AttemptsMax { get; set; } = 3;

    /// <summary>After this a boot looks for no further host.</summary>
    public TimeSpan BootTimeout { get; set; } = TimeSpan.FromMinutes(5);

    public TimeSpan ResolveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan ClaimTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan BindTimeout { get; set; } = TimeSpan.FromSeconds(15);

    public TimeSpan PlugTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Of each step that takes something back.</summary>
    public TimeSpan UndoTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a step is asked again before it counts as failed or, when taking back, as stuck.
    /// </summary>
    [Range(1, 100, ErrorMessage = "give a number from 1 to 100.")]
    public int AsksMax { get; set; } = 3;

    /// <summary>How often a stuck step is tried on.</summary>
    public TimeSpan StuckInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A claim's lease, longer than all its steps together, so that it never ends under a boot that is still
    /// going on.
    /// </summary>
    public TimeSpan Lease =>
        ClaimTimeout + (BindTimeout * AsksMax) + PlugTimeout + (ConfirmTimeout * AsksMax)
        + TimeSpan.FromMinutes(1);

    /// <summary>
    /// What flavors may ask for by name, each an object in JSON as in Nova's <c>[pci] alias</c>; those of one
    /// name are alternatives (C25).
    /// </summary>
    public IReadOnlyList<string> Alias { get; set; } = [];

    /// <summary>
    /// How many functions a project's boots may hold at once, by project (B33). They are counted from the
    /// time that the project has a quota.
    /// </summary>
    public IReadOnlyDictionary<string, int> Quota { get; set; } = new Dictionary<string, int>();

    /// <summary>The quota of every other project; null for none.</summary>
    public int? QuotaOfOthers { get; set; }

    /// <summary>The project's quota; null when it has none.</summary>
    public int? QuotaOf(string? projectId) =>
        projectId is not null && Quota.TryGetValue(projectId, out var quota) ? quota : QuotaOfOthers;

    /// <summary>What DataAnnotations cannot say.</summary>
    public static string? Refuse(SchedulerOptions options)
    {
        try
        {
            AliasTable.Parse(options.Alias);
        }
        catch (RequestRefusedException e)
        {
            return e.Message;
        }

        if (options.QuotaOfOthers < 0)
            return $"QuotaOfOthers is {options.QuotaOfOthers}: give 0 or more, or leave it out.";
        if (options.Quota.FirstOrDefault(quota => quota.Value < 0) is { Key: { } project, Value: var wrong })
            return $"Quota:{project} is {wrong}: give 0 or more.";
        TimeSpan[] limits =
        [
            options.BootTimeout, options.ResolveTimeout, options.ClaimTimeout, options.BindTimeout,
            options.PlugTimeout, options.ConfirmTimeout, options.UndoTimeout, options.StuckInterval,
        ];
        if (limits.Any(limit => limit <= TimeSpan.Zero || limit > LimitMax))
            return "every timeout and StuckInterval must be above zero and at most a day.";
        return options.Lease > LimitMax
            ? $"ClaimTimeout, BindTimeout, PlugTimeout, ConfirmTimeout and AsksMax make leases of "
                + $"{options.Lease}, and the inventory gives none above a day: lower them."
            : null;
    }
}
