using Platform.HostAgent.Domain;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.HostAgent.Devices;

/// <summary>
/// A host's functions as its device spec offers them: those that an entry matches, with that entry's tags
/// (A1-A13). The spec is read again whenever it is asked for (A20); one that cannot be read changes nothing.
/// A function that is offered no more is reported as lost: who holds it keeps it until it is given back.
/// </summary>
/// <param name="configured">The spec as it is configured now; empty: everything is offered as it is.</param>
public sealed partial class OfferedDevices(
    string hostId, IHostDevices host, Func<IReadOnlyList<string>> configured, ILogger log) : IHostDevices
{
    private readonly Lock reading = new();
    private IReadOnlyList<string> read = [];
    private DeviceSpecList? specs;

    public HostFacts Facts => host.Facts;

    public IReadOnlyList<NumaCell> NumaCells => host.NumaCells;

    public async Task<IReadOnlyList<PciDevice>> Read(CancellationToken stop)
    {
        var devices = await host.Read(stop);
        if (Specs() is not { } offers)
            return devices;
        return
        [
            .. from device in devices
               let offer = offers.Match(Reported(device), Facts, out _)
               where offer is not null
               select device with { Tags = offer.Tags },
        ];
    }

    public Task<Refusal?> Plug(PluggedFunction function, CancellationToken stop) => host.Plug(function, stop);

    public Task<Refusal?> Unplug(PluggedFunction function, CancellationToken stop) =>
        host.Unplug(function, stop);

    public Task<Refusal?> Clean(PciAddress address, CancellationToken stop) => host.Clean(address, stop);

    public Task<Refusal?> SetVfCount(PciAddress pf, int count, CancellationToken stop) =>
        host.SetVfCount(pf, count, stop);

    private DeviceSpecList? Specs()
    {
        lock (reading)
        {
            var now = configured();
            if (now.SequenceEqual(read))
                return specs;
            read = now;
            try
            {
                specs = now.Count == 0 ? null : DeviceSpecList.Parse(now, Facts);
                SpecRead(hostId, specs?.Specs.Count ?? 0);
            }
            catch (SpecRefusedException refused)
            {
                SpecRefused(hostId, refused.Message);
            }

            return specs;
        }
    }

    private static ReportedDevice Reported(PciDevice device) => new(
        device.Address.ToString(), device.VendorId, device.ProductId, device.Parent?.ToString(),
        device.CardSerialNumber);

    [LoggerMessage(10, LogLevel.Information, "{HostId} offers its devices by {Count} device spec entries.")]
    private partial void SpecRead(string hostId, int count);

    [LoggerMessage(11, LogLevel.Error, "{HostId} goes on with its former device spec: {Reason}")]
    private partial void SpecRefused(string hostId, string reason);
}
