using Platform.Contracts.NetworkBinding;

namespace Platform.Gateway.Owners;

/// <summary>A boot. Final states: Running, Failed, Stopped.</summary>
public sealed record Boot(
    Guid BootId,
    string? VmId,
    string? ProjectId,
    string State,
    DateTimeOffset RequestedAt,
    string? HostId,
    Guid? ClaimId,
    int Attempts,
    IReadOnlyList<string> PortIds,
    IReadOnlyList<PortBinding> Bindings,
    BootFailure? Failure,
    IReadOnlyDictionary<string, string> StuckSteps,
    bool Releasing,
    IReadOnlyList<TimelineEntry> Timeline);

/// <summary>
/// Why a boot failed: a stable code, a sentence, the hosts refused by reason, and the nearest of them.
/// </summary>
public sealed record BootFailure(
    string Code,
    string Reason,
    IReadOnlyDictionary<string, int>? RefusedHosts,
    IReadOnlyList<RefusedHost>? Nearest,
    string? NearestMiss);

/// <summary>One host that was refused.</summary>
public sealed record RefusedHost(string HostId, string Code, string Reason);

/// <summary>One moment of a boot.</summary>
public sealed record TimelineEntry(DateTimeOffset At, string Step, string Text);

/// <summary>A host.</summary>
public sealed record HostView(
    string HostId, long Epoch, bool Online, long Version, DateTimeOffset? LastHeard, int Functions, int Free);

/// <summary>A PCI function.</summary>
/// <param name="State">free, held, cleaning, quarantined or unavailable; held-withdrawn and the like: offered
/// no more, and gone when it is freed.</param>
/// <param name="Reason">Why it is unavailable, or withdrawn.</param>
public sealed record DeviceView(
    string HostId,
    string Address,
    string VendorId,
    string ProductId,
    string DeviceType,
    string? ParentAddress,
    int? VfIndex,
    int? NumaNode,
    IReadOnlyDictionary<string, string?> Tags,
    string State,
    Guid? ClaimId,
    Guid? BootId,
    string? VmId,
    int? IommuGroup,
    string? Reason);
