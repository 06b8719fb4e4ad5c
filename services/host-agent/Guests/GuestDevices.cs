using Platform.HostAgent.Devices;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Guests;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.HostAgent.Guests;

/// <summary>
/// A host whose guests get what is plugged: after a function was set up, and until it is taken away. What a
/// guest did not take is left to the agent to take back.
/// </summary>
public sealed class GuestDevices(IHostDevices host, IGuests guests) : IHostDevices
{
    public HostFacts Facts => host.Facts;

    public IReadOnlyList<NumaCell> NumaCells => host.NumaCells;

    public IReadOnlyDictionary<PciAddress, string> Uses => host.Uses;

    public bool IsOfferedWithoutSpec => host.IsOfferedWithoutSpec;

    public Task Changed(CancellationToken stop) => host.Changed(stop);

    public Task<IReadOnlyList<PciDevice>> Read(CancellationToken stop) => host.Read(stop);

    public Task<IReadOnlyList<PciDevice>> ReadAll(CancellationToken stop) => host.ReadAll(stop);

    public Task<string?> NetdevOf(PciAddress address, CancellationToken stop) => host.NetdevOf(address, stop);

    public async Task<Refusal?> Plug(PluggedFunction function, CancellationToken stop)
    {
        if (await host.Plug(function, stop) is { } refusal)
            return refusal;
        try
        {
            var device = FunctionDevice.Of(function, await host.NetdevOf(function.Address, stop));
            return await guests.Attach(function, device, stop);
        }
        catch (GuestRefusedException refused)
        {
            return new("EINVAL", refused.Message);
        }
    }

    public async Task<Refusal?> Unplug(PluggedFunction function, CancellationToken stop) =>
        await guests.Detach(function, stop) ?? await host.Unplug(function, stop);

    public Task<Refusal?> Clean(PciAddress address, CancellationToken stop) => host.Clean(address, stop);

    public Task<Refusal?> SetVfCount(PciAddress pf, int count, CancellationToken stop) =>
        host.SetVfCount(pf, count, stop);
}
