using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;

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
    IReadOnlyList<BootNic> Nics,
    IReadOnlyDictionary<string, string?> ExtraSpecs,
    BootPlacement? Placement,
    IReadOnlyList<PortBinding> Bindings,
    IReadOnlyList<ReservedDevice> Devices,
    IReadOnlyList<int>? GuestNumaCells,
    BootFailure? Failure,
    IReadOnlyDictionary<string, string> StuckSteps,
    bool Releasing,
    IReadOnlyList<TimelineEntry> Timeline);

/// <summary>What every host has to say to a boot, as its pools are now.</summary>
/// <param name="Asked">What is asked of a host, one sentence's worth a request. Empty while the boot's ports
/// are not resolved.</param>
/// <param name="Hosts">Those that would do first, then the nearest.</param>
public sealed record BootExplanation(
    Guid BootId, IReadOnlyList<string> Asked, IReadOnlyList<HostVerdict> Hosts);

/// <summary>One host's answer.</summary>
/// <param name="Code">Why it will not do; null when it will.</param>
public sealed record HostVerdict(string HostId, bool WillDo, string? Code, string? Reason);

/// <summary>How many functions a project's boots may hold, and do.</summary>
/// <param name="Quota">Null for none; then nothing is counted.</param>
public sealed record ProjectQuota(string ProjectId, int? Quota, int Held);

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
/// <param name="Vfs">Of a PF.</param>
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
    string? Reason,
    VfCounts? Vfs);

/// <summary>The VFs of a PF.</summary>
/// <param name="Total">How many it can have; null when its agent does not say.</param>
/// <param name="Existing">How many it has and offers.</param>
/// <param name="Free">How many of these can be had.</param>
public sealed record VfCounts(int? Total, int Existing, int Free);
