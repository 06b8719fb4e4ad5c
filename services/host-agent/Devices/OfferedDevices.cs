using System.Collections.Immutable;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Discovery;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.HostAgent.Devices;

/// <summary>
/// A host's functions as its device spec offers them: those that an entry matches, with that entry's tags
/// (A1-A13). The spec is read again whenever it is asked for (A20); one that cannot be read changes nothing,
/// nor does one that would swap a PF and its VFs under a guest, until the guest is gone (AX23). A function
/// that is offered no more is reported as lost: who holds it keeps it until it is given back (AX22). What
/// something else on the host uses is not offered either (B16-B19).
/// </summary>
/// <param name="configured">The spec as it is configured now.</param>
/// <param name="plugged">What guests have now.</param>
public sealed partial class OfferedDevices(
    string hostId, IHostDevices host, Func<IReadOnlyList<string>> configured,
    Func<IEnumerable<PluggedFunction>> plugged, ILogger log) : IHostDevices
{
    private readonly Lock reading = new();
    private IReadOnlyList<string> read = [];
    private Spec inForce = new(null);
    private Spec? waiting;
    private volatile IReadOnlyDictionary<PciAddress, string> withheld =
        ImmutableDictionary<PciAddress, string>.Empty;

    public HostFacts Facts => host.Facts;

    public IReadOnlyList<NumaCell> NumaCells => host.NumaCells;

    public IReadOnlyDictionary<PciAddress, string> Uses => withheld;

    public bool IsOfferedWithoutSpec => host.IsOfferedWithoutSpec;

    public Task Changed(CancellationToken stop) => host.Changed(stop);

    public async Task<IReadOnlyList<PciDevice>> Read(CancellationToken stop)
    {
        var devices = await host.Read(stop);
        lock (reading)
        {
            Reload(devices);
            var kept = FreeRule.Withheld(devices, host.Uses, plugged());
            withheld = kept;
            return [.. inForce.Offered(devices, Facts).Where(d => !kept.ContainsKey(d.Address))];
        }
    }

    public Task<IReadOnlyList<PciDevice>> ReadAll(CancellationToken stop) => host.ReadAll(stop);

    public Task<string?> NetdevOf(PciAddress address, CancellationToken stop) => host.NetdevOf(address, stop);

    public Task<Refusal?> Plug(PluggedFunction function, CancellationToken stop) => host.Plug(function, stop);

    public Task<Refusal?> Unplug(PluggedFunction function, CancellationToken stop) =>
        host.Unplug(function, stop);

    public Task<Refusal?> Clean(PciAddress address, CancellationToken stop) => host.Clean(address, stop);

    public Task<Refusal?> SetVfCount(PciAddress pf, int count, CancellationToken stop) =>
        host.SetVfCount(pf, count, stop);

    private void Reload(IReadOnlyList<PciDevice> devices)
    {
        var now = configured();
        var isNews = !now.SequenceEqual(read);
        if (isNews)
        {
            read = now;
            waiting = Parse(now);
        }

        if (waiting is null)
            return;
        var guests = plugged().ToList();
        var change = new SpecChange(
            devices, Addresses(inForce.Offered(devices, Facts)), Addresses(waiting.Offered(devices, Facts)));
        if (change.Refusal(guests) is { } refusal)
        {
            // Said once: the same spec is looked at again at every heartbeat.
            if (isNews)
                SpecRefused(hostId, refusal);
            return;
        }

        foreach (var kept in change.Dropped(guests))
            Dropped(hostId, kept.Address, kept.VmId, kept.ClaimId);
        inForce = waiting;
        waiting = null;
        SpecRead(hostId, inForce.Entries?.Specs.Count ?? 0);
    }

    private Spec? Parse(IReadOnlyList<string> text)
    {
        try
        {
            return new(text.Count == 0 && IsOfferedWithoutSpec ? null : DeviceSpecList.Parse(text, Facts));
        }
        catch (SpecRefusedException refused)
        {
            SpecRefused(hostId, refused.Message);
            return null;
        }
    }

    private static HashSet<PciAddress> Addresses(IEnumerable<PciDevice> devices) =>
        [.. devices.Select(device => device.Address)];

    [LoggerMessage(10, LogLevel.Information, "{HostId} offers its devices by {Count} device spec entries.")]
    private partial void SpecRead(string hostId, int count);

    [LoggerMessage(11, LogLevel.Error, "{HostId} goes on with its former device spec: {Reason}")]
    private partial void SpecRefused(string hostId, string reason);

    [LoggerMessage(
        12, LogLevel.Warning,
        "{HostId} does not offer {Address} any more by its new device spec; {VmId} (claim {ClaimId}) keeps "
        + "it until it is freed.")]
    private partial void Dropped(string hostId, PciAddress address, string vmId, Guid claimId);

    /// <param name="Entries">Null: everything is offered as it is.</param>
    private sealed record Spec(DeviceSpecList? Entries)
    {
        public IReadOnlyList<PciDevice> Offered(IReadOnlyList<PciDevice> devices, HostFacts facts) =>
            Entries is null ? devices :
            [
                .. from device in devices
                   let offer = Entries.Match(Reported(device), facts, out _)
                   where offer is not null
                   select device with { Tags = offer.Tags },
            ];

        private static ReportedDevice Reported(PciDevice device) => new(
            device.Address.ToString(), device.VendorId, device.ProductId, device.Parent?.ToString(),
            device.CardSerialNumber, device.VfIndex);
    }
}
