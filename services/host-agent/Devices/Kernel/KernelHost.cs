using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Discovery;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.HostAgent.Devices.Kernel;

/// <summary>
/// The functions of a host as its kernel shows them. They can be seen and followed, and not be changed yet:
/// every order is refused with that reason.
/// </summary>
public sealed partial class KernelHost : IHostDevices, IDisposable
{
    private readonly string hostId;
    private readonly SysfsReader reader;
    private readonly KernelChanges changes;
    private readonly ILogger log;
    private readonly SemaphoreSlim turn = new(1);
    private volatile HostSnapshot latest = HostSnapshot.Empty;

    public KernelHost(
        string hostId, ILogger log, string sysfs, string proc = SysfsReader.DefaultProc)
    {
        this.hostId = hostId;
        this.log = log;
        reader = new(sysfs, proc);
        changes = new(hostId, log);
    }

    /// <summary>Reads may wait for a device's driver: one that hangs must not stop the agent.</summary>
    public TimeSpan ReadLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of the latest reading, as all that is no task.</summary>
    public HostSnapshot Latest => latest;

    public HostFacts Facts => Latest.Facts;

    public IReadOnlyList<NumaCell> NumaCells => Latest.NumaCells;

    public IReadOnlyDictionary<PciAddress, string> Uses => Latest.Functions
        .Where(function => function.Use is not null)
        .ToDictionary(function => function.Device.Address, function => function.Use!);

    /// <summary>A host has much that is not for guests: its spec has to name what is.</summary>
    public bool IsOfferedWithoutSpec => false;

    public async Task<IReadOnlyList<PciDevice>> Read(CancellationToken stop) =>
        [.. (await Snapshot(stop)).Functions.Select(function => function.Device)];

    public Task<IReadOnlyList<PciDevice>> ReadAll(CancellationToken stop) => Read(stop);

    public Task Changed(CancellationToken stop) => changes.Next(stop);

    public async Task<string?> NetdevOf(PciAddress address, CancellationToken stop) =>
        (await Snapshot(stop)).Functions.FirstOrDefault(function => function.Device.Address == address)
            ?.Netdevs is [var first, ..] ? first.Name : null;

    public Task<Refusal?> Plug(PluggedFunction function, CancellationToken stop) =>
        CannotYet($"give {function.Address} to {function.VmId}");

    public Task<Refusal?> Unplug(PluggedFunction function, CancellationToken stop) =>
        CannotYet($"take {function.Address} from {function.VmId}");

    public Task<Refusal?> Clean(PciAddress address, CancellationToken stop) => CannotYet($"clean {address}");

    public Task<Refusal?> SetVfCount(PciAddress pf, int count, CancellationToken stop) =>
        CannotYet($"set {pf} to {count} VFs");

    public void Dispose()
    {
        changes.Dispose();
        turn.Dispose();
    }

    private Task<Refusal?> CannotYet(string order) => Task.FromResult<Refusal?>(new(
        "EOPNOTSUPP",
        $"The agent of {hostId} cannot {order}: on a real kernel it only sees functions yet, and changes "
            + "none."));

    private async Task<HostSnapshot> Snapshot(CancellationToken stop)
    {
        // Before it is read, so that what changes meanwhile is told of.
        changes.Listen();
        // One that hangs keeps its turn, so that no thread but one is lost to it.
        if (!await turn.WaitAsync(ReadLimit, stop))
            throw Hangs();
        var reading = Task.Factory.StartNew(
            Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await reading.WaitAsync(ReadLimit, stop);
        }
        catch (TimeoutException)
        {
            throw Hangs();
        }
    }

    private HostSnapshot Read()
    {
        try
        {
            var snapshot = HostSnapshot.Of(reader.Read());
            Tell(latest, snapshot);
            return latest = snapshot;
        }
        finally
        {
            turn.Release();
        }
    }

    private TimeoutException Hangs() => new(
        $"The devices of {hostId} could not be read within {ReadLimit.TotalSeconds:0} s: one of them hangs.");

    // Said once, not at every heartbeat.
    private void Tell(HostSnapshot before, HostSnapshot snapshot)
    {
        foreach (var skipped in snapshot.Skipped.Except(before.Skipped))
            IsSkipped(hostId, skipped.What, skipped.Reason);
        var known = before.Functions.Select(f => (f.Device.Address, f.Use)).ToHashSet();
        foreach (var function in snapshot.Functions)
        {
            if (function.Use is { } use && !known.Contains((function.Device.Address, use)))
                IsInUse(hostId, function.Device.Address, use);
        }
    }

    [LoggerMessage(21, LogLevel.Warning, "{HostId} leaves out {What}: {Reason}")]
    private partial void IsSkipped(string hostId, string what, string reason);

    [LoggerMessage(22, LogLevel.Information, "{HostId} has {Address} in use: {Use}")]
    private partial void IsInUse(string hostId, PciAddress address, string use);
}
