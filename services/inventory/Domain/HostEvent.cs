using System.Text.Json.Serialization;
using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>What can happen to a host. Stored for ever: add to it, never change it.</summary>
public abstract record HostEvent;

/// <summary>A life of the host's agent was admitted, and every earlier one is over.</summary>
/// <param name="Epoch">From 1. Whatever carries a lower one comes from an earlier life.</param>
public sealed record HostAdmitted(string HostId, Guid InstanceId, long Epoch) : HostEvent;

/// <summary>The agent said what is on the host. Only what differs from what was known is kept here.</summary>
/// <param name="Sequence">Of the agent's event, within the epoch.</param>
/// <param name="Seen">New, back again, or not what they were.</param>
public sealed record DevicesObserved(
    long Epoch, long Sequence, IReadOnlyList<PciDevice> Seen, IReadOnlyList<DeviceLoss> Lost) : HostEvent;

/// <summary>The host has these NUMA cells and no others.</summary>
public sealed record NumaCellsObserved(long Epoch, IReadOnlyList<NumaCell> Cells) : HostEvent;

/// <summary>The host has reported all it has, and is offered.</summary>
public sealed record HostAppeared(long Epoch) : HostEvent;

/// <summary>The host is not offered any more. What it has given stays given.</summary>
public sealed record HostFellSilent(long Epoch, string Reason) : HostEvent;

/// <summary>
/// The claim holds functions. Its generation is the version of this event in the host's stream.
/// </summary>
/// <param name="GuestCells">The NUMA cells that the guest shall run on; null when it asked for none.</param>
public sealed record ClaimGranted(
    Guid ClaimId, Guid BootId, string VmId, IReadOnlyList<Pick> Picks, DateTimeOffset LeaseUntil,
    IReadOnlyList<int>? GuestCells = null) : HostEvent;

/// <summary>The claim was confirmed: it stands until it is released.</summary>
public sealed record LeaseLifted(Guid ClaimId) : HostEvent;

/// <summary>
/// The claim is over for ever, also when it never held anything. Its functions have no owner and are to be
/// cleaned.
/// </summary>
public sealed record ClaimReleased(
    Guid ClaimId, Guid BootId, ReleaseCause Cause, string Reason, DateTimeOffset At) : HostEvent;

/// <summary>These functions of a released claim are fit for another guest.</summary>
public sealed record FunctionsCleaned(
    Guid ClaimId, IReadOnlyList<PciAddress> Addresses, DateTimeOffset At) : HostEvent;

/// <summary>This function of a released claim could not be cleaned, and is not given again.</summary>
public sealed record FunctionQuarantined(
    Guid ClaimId, PciAddress Address, string Reason, DateTimeOffset At) : HostEvent;

/// <summary>A function that is gone, and why.</summary>
public sealed record DeviceLoss(PciAddress Address, string Reason);

/// <summary>A function, and the request it was taken for.</summary>
public sealed record Pick(Guid RequestId, PciAddress Address);

/// <summary>Who ended a claim.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReleaseCause>))]
public enum ReleaseCause
{
    /// <summary>Somebody sent for it.</summary>
    Requested,

    /// <summary>Its lease ended, and nobody had confirmed it.</summary>
    LeaseEnded,
}
