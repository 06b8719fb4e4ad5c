using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.Pci;
using Platform.Scheduler.Domain;
using Platform.ServiceDefaults.Sagas;

namespace Platform.Scheduler.Boots;

/// <summary>One boot on its way through the services. Its row stays after its end, as its history.</summary>
public sealed class Boot : IDeadlineSaga, IHoldingSaga
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public SagaDeadline? Deadline { get; set; }

    /// <summary>What it takes of its project's quota; null when the project has none.</summary>
    public SagaHold? Hold { get; set; }

    public string? VmId { get; set; }

    public string? ProjectId { get; set; }

    public List<BootNic> Nics { get; set; } = [];

    /// <summary>Those of the flavor that are read, as they were given.</summary>
    public Dictionary<string, string?> ExtraSpecs { get; set; } = [];

    public BootPlacement? Placement { get; set; }

    public DateTimeOffset RequestedAt { get; set; }

    /// <summary>What the flavor asks for by alias.</summary>
    public List<DeviceNeed> Devices { get; set; } = [];

    /// <summary>The flavor's, for ports that have none of their own.</summary>
    public NumaPolicy? NumaPolicy { get; set; }

    /// <summary>On how many NUMA cells the guest runs; null when NUMA does not matter.</summary>
    public int? GuestCells { get; set; }

    /// <summary>What each NIC needs, in their order; known once the ports are resolved.</summary>
    public List<NicNeed> Needs { get; set; } = [];

    /// <summary>The present attempt; null before the first.</summary>
    public Attempt? Attempt { get; set; }

    /// <summary>
    /// Hosts that were tried in earnest: a claim refused because of stale pools does not count.
    /// </summary>
    public int Attempts { get; set; }

    public Dictionary<string, Refusal> TriedHosts { get; set; } = [];

    /// <summary>The first error, which is the one reported.</summary>
    public Failure? Failure { get; set; }

    /// <summary>Set when the virtual machine shall stop: taking back then ends in Stopped.</summary>
    public bool StopWanted { get; set; }

    /// <summary>Taking back ends in failure, not in another attempt.</summary>
    public bool GivenUp { get; set; }

    /// <summary>The agent was away: the functions are nobody's, and cleaned when it is back.</summary>
    public bool LeftReleasing { get; set; }

    /// <summary>Steps of taking back that failed again and again, with the last reason.</summary>
    public Dictionary<string, string> StuckSteps { get; set; } = [];

    public List<TimelineEntry> Timeline { get; set; } = [];
}

/// <summary>
/// A NIC, its port's answer, and the id that ties port, function and guest device together.
/// </summary>
public sealed record NicNeed(Guid RequestId, ResolvedPort Port);

/// <summary>So many functions by one alias, as it was defined when the boot was requested.</summary>
public sealed record DeviceNeed(
    Guid RequestId, string Alias, int Count, IReadOnlyList<IReadOnlyDictionary<string, string?>> Spec,
    NumaPolicy? NumaPolicy);

/// <summary>One claim on one host.</summary>
/// <param name="PoolsVersion">The version of the host's pools that it was chosen on.</param>
/// <param name="Generation">The claim's fencing token; 0 until claimed.</param>
/// <param name="GuestNumaCells">The NUMA cells that the guest shall run on.</param>
/// <param name="Releasing">The inventory has ended the claim, and its functions are being cleaned.</param>
public sealed record Attempt(
    Guid ClaimId,
    string HostId,
    long PoolsVersion,
    long Generation,
    IReadOnlyList<ClaimedDevice> Devices,
    IReadOnlyList<PortBinding> Bindings,
    IReadOnlyList<int>? GuestNumaCells = null,
    bool Releasing = false);

/// <summary>Why a boot fails.</summary>
/// <param name="Code">A stable reason code, see BootFailed.</param>
public sealed record Failure(
    string Code,
    string Reason,
    IReadOnlyDictionary<string, int>? RefusedHosts = null,
    IReadOnlyList<Refusal>? Nearest = null,
    string? NearestMiss = null);

/// <summary>One moment of a boot, for people.</summary>
public sealed record TimelineEntry(DateTimeOffset At, string Step, string Text);
