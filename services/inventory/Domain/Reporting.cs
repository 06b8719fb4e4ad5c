using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>What an agent says of its host.</summary>
public abstract record Observation
{
    /// <summary>All there is.</summary>
    public sealed record Everything(IReadOnlyList<PciDevice> Devices, IReadOnlyList<NumaCell> Cells)
        : Observation;

    /// <summary>Functions are there, new or not what they were.</summary>
    public sealed record Some(IReadOnlyList<PciDevice> Devices) : Observation;

    /// <summary>A function is gone.</summary>
    public sealed record Gone(PciAddress Address, string Reason) : Observation;

    /// <summary>A PF has these VFs and no others.</summary>
    public sealed record VfsOf(
        PciAddress Pf, int NumVfs, int TotalVfs, IReadOnlyList<PciDevice> Vfs) : Observation;
}

/// <summary>What became of an agent's event.</summary>
public enum Heard
{
    Taken,

    /// <summary>Of another life of the agent, or taken before.</summary>
    Dropped,

    /// <summary>One before it was missed: not taken, and the agent has to report everything.</summary>
    Gap,
}

/// <summary>Keeps what is known of a host equal to what its agent sees, in the agent's order.</summary>
public static class Reporting
{
    private const string NotReported =
        "Its agent did not report it: it is not on the host, or its device spec does not cover it.";

    public static (Heard Answer, IReadOnlyList<HostEvent> Events) Decide(
        HostInventory host, long epoch, long sequence, Observation observation)
    {
        if (epoch != host.Agent.Epoch || sequence <= host.Agent.Sequence)
            return (Heard.Dropped, []);

        var everything = observation as Observation.Everything;
        if (sequence != host.Agent.Sequence + 1 && everything is null)
            return (Heard.Gap, []);

        var (seen, lost) = Difference(host, observation);
        var observed = new DevicesObserved(
            epoch, sequence,
            [.. seen.DistinctBy(device => device.Address).Where(device => !IsKnown(host, device))],
            [.. lost]);
        return (Heard.Taken, everything is null ? [observed] : [observed, .. Whole(host, epoch, everything)]);
    }

    // What only a whole report says: where the host's NUMA cells are, and that nothing more is to come.
    private static IEnumerable<HostEvent> Whole(HostInventory host, long epoch, Observation.Everything all)
    {
        IReadOnlyList<NumaCell> cells = [.. all.Cells.DistinctBy(cell => cell.Id).OrderBy(cell => cell.Id)];
        if (!cells.SequenceEqual(host.Cells))
            yield return new NumaCellsObserved(epoch, cells);
        if (!host.Online)
            yield return new HostAppeared(epoch);
    }

    private static (IEnumerable<PciDevice> Seen, IEnumerable<DeviceLoss> Lost) Difference(
        HostInventory host, Observation observation) => observation switch
        {
            Observation.Everything all =>
                (all.Devices, Lost(host, all.Devices, _ => true, NotReported)),
            Observation.Some some => (some.Devices, []),
            Observation.Gone gone =>
                ([], Lost(host, [], device => device.Address == gone.Address, gone.Reason)),
            Observation.VfsOf vfs => (
                [.. Counted(host, vfs), .. vfs.Vfs],
                Lost(host, vfs.Vfs, device => device.Parent == vfs.Pf, $"Its PF has {vfs.NumVfs} VFs now.")),
            _ => throw new InvalidOperationException($"{observation.GetType().Name} says nothing of a host."),
        };

    private static IEnumerable<DeviceLoss> Lost(
        HostInventory host, IReadOnlyList<PciDevice> present, Func<PciDevice, bool> concerned, string reason)
    {
        var addresses = present.Select(device => device.Address).ToHashSet();
        return from function in host.Functions.Values
               let device = function.LastSeen()
               where device is not null && concerned(device) && !addresses.Contains(device.Address)
               select new DeviceLoss(device.Address, reason);
    }

    /// <summary>The PF with its new count; none when the device spec does not offer the PF itself.</summary>
    private static IEnumerable<PciDevice> Counted(HostInventory host, Observation.VfsOf vfs) =>
        host.Functions.TryGetValue(vfs.Pf, out var pf) && pf.LastSeen() is { } device
            ? [device with { NumVfs = vfs.NumVfs, TotalVfs = vfs.TotalVfs }]
            : [];

    private static bool IsKnown(HostInventory host, PciDevice device) =>
        host.Functions.TryGetValue(device.Address, out var known) && known.LastSeen() == device;
}
