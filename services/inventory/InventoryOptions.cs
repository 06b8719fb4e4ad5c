using System.ComponentModel.DataAnnotations;

namespace Platform.Inventory;

/// <summary>The inventory's settings, section <c>Inventory</c>.</summary>
public sealed class InventoryOptions
{
    private const string Positive = "give a time span from 00:00:00.1 to 1.00:00:00.";

    /// <summary>A host is offered no more when its agent was silent for longer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00", ErrorMessage = Positive)]
    public TimeSpan HostTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often ended leases and silent hosts are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00", ErrorMessage = Positive)]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the agent of a host is asked again to clean what it has not cleaned yet.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00", ErrorMessage = Positive)]
    public TimeSpan CleanAgainInterval { get; set; } = TimeSpan.FromSeconds(15);
}
