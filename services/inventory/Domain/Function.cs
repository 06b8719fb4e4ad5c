using System.Text.Json.Serialization;
using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>What may be done with a function.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Use>))]
public enum Use
{
    Free,

    /// <summary>Owned by a claim.</summary>
    Held,

    /// <summary>Owned by nobody, and not offered before its agent has cleaned it.</summary>
    Cleaning,

    /// <summary>Could not be cleaned.</summary>
    Quarantined,
}

/// <summary>A function of a host.</summary>
/// <param name="Device">As it was when it was last free: what its claim was told stays true.</param>
/// <param name="ClaimId">Whose it is, or whose it was while it is being cleaned.</param>
/// <param name="Loss">Why it is gone, or offered no more, though it is not free: freed, it goes for
/// good.</param>
/// <param name="Altered">What it has become meanwhile; takes effect when it is free again.</param>
public sealed record Function(
    PciDevice Device, Use Use = Use.Free, Guid? ClaimId = null, string? Loss = null,
    PciDevice? Altered = null)
{
    [JsonIgnore]
    public bool Missing => Loss is not null;

    /// <summary>The device as its agent last saw it; null when it is gone.</summary>
    public PciDevice? LastSeen() => Missing ? null : Altered ?? Device;

    public Function See(PciDevice device) => Use == Use.Free
        ? new(device)
        : this with { Loss = null, Altered = device == Device ? null : device };
}

/// <summary>A claim that holds functions, or whose functions are being cleaned.</summary>
/// <param name="Generation">The fencing token of all that is done for it.</param>
/// <param name="Quarantined">Those of its functions that could not be cleaned.</param>
/// <param name="GuestCells">The NUMA cells that its guest was told to run on.</param>
public sealed record Claim(
    Guid BootId,
    string VmId,
    long Generation,
    IReadOnlyList<Pick> Picks,
    DateTimeOffset LeaseUntil,
    bool Confirmed,
    DateTimeOffset? ReleasedAt,
    IReadOnlyList<PciAddress> Quarantined,
    IReadOnlyList<int>? GuestCells = null);

/// <summary>
/// What is kept of a claim that is over, so that it never holds again and its end is told the same again.
/// </summary>
/// <param name="Generation">0 when it never held anything.</param>
public sealed record Tombstone(
    Guid BootId, DateTimeOffset At, long Generation, IReadOnlyList<PciAddress> Cleaned,
    IReadOnlyList<PciAddress> Quarantined);
