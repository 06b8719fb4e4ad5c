using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Options;
using Platform.HostAgent.Storage;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.HostAgent.Devices.Simulated;

/// <summary>
/// A host that exists in memory, and in a file when there is a state folder. It answers as the kernel does,
/// and fails where it is told to.
/// </summary>
public sealed class SimulatedHost : IHostDevices
{
    /// <summary>The tag that says where a function's cable goes.</summary>
    public const string PhysicalNetwork = "physical_network";

    private readonly AgentHostOptions options;
    private readonly Faults faults;
    private readonly StateFile<Hardware> file;
    private readonly Lock gate = new();
    private Hardware hardware;

    public SimulatedHost(AgentHostOptions options, Faults faults, StateFile<Hardware> file)
    {
        this.options = options;
        this.faults = faults;
        this.file = file;
        NumaCells =
        [
            .. Enumerable.Range(0, options.NumaCells)
                .Select(cell => new NumaCell(cell, cell / options.NumaCellsPerSocket)),
        ];
        hardware = file.Load() ?? Hardware.New;
    }

    /// <summary>What every function is set to, for whoever compares it with what it should be.</summary>
    public Hardware Hardware
    {
        get { lock (gate) return hardware; }
    }

    public HostFacts Facts => FactsOf(options);

    public IReadOnlyList<NumaCell> NumaCells { get; }

    public IReadOnlyDictionary<PciAddress, string> Uses => ImmutableDictionary<PciAddress, string>.Empty;

    public bool IsOfferedWithoutSpec => true;

    /// <summary>No device spec names the network devices of simulated functions.</summary>
    public static HostFacts FactsOf(AgentHostOptions options) => new(
        options.Pfs.Where(card => card.TotalVfs > 0).ToDictionary(
            card => PciAddress.Parse(card.Address),
            card => new PfIds(card.VendorId, card.ProductId, card.VfProductId)),
        new Dictionary<string, PciAddress>());

    /// <summary>Only by order, and whoever gives it looks again.</summary>
    public Task Changed(CancellationToken stop) => Task.Delay(Timeout.Infinite, stop);

    public Task<IReadOnlyList<PciDevice>> Read(CancellationToken stop)
    {
        lock (gate)
            return Task.FromResult<IReadOnlyList<PciDevice>>([.. Devices().OrderBy(d => d.Address)]);
    }

    public Task<IReadOnlyList<PciDevice>> ReadAll(CancellationToken stop) => Read(stop);

    public Task<string?> NetdevOf(PciAddress address, CancellationToken stop)
    {
        lock (gate)
            return Task.FromResult(
                hardware.Of(address).Driver == FunctionSettings.Clean.Driver
                && Devices().Any(d => d.Address == address && d.Type != DeviceType.Pci)
                    ? NameOf(address)
                    : null);
    }

    public Task<Refusal?> Plug(PluggedFunction function, CancellationToken stop) =>
        Change("plug", function.Address, function, settings => settings with
        {
            MacAddress = function.MacAddress ?? settings.MacAddress,
            Vlan = function.Vlan ?? 0,
            Driver = function.VnicType == "macvtap" ? settings.Driver : "vfio-pci",
            VmId = function.VmId,
        });

    public Task<Refusal?> Unplug(PluggedFunction function, CancellationToken stop) =>
        Change("unplug", function.Address, function, settings => settings with { VmId = null });

    public Task<Refusal?> Clean(PciAddress address, CancellationToken stop) =>
        Change("clean", address, null, _ => FunctionSettings.Clean);

    public Task<Refusal?> SetVfCount(PciAddress pf, int count, CancellationToken stop)
    {
        lock (gate)
        {
            var card = options.Pfs.FirstOrDefault(p => PciAddress.Parse(p.Address) == pf);
            if (card == null)
                return Task.FromResult<Refusal?>(new("ENOENT", $"{pf} is no PF of host {options.HostId}."));
            var refusal = VfCountRules.Check(CountOf(card), card.TotalVfs, count);
            if (refusal == null && count != CountOf(card))
                Keep(new(hardware.VfCounts.SetItem(pf, count), WithoutVfsOf(card)));
            return Task.FromResult(refusal);
        }
    }

    // A VF that is gone took its settings with it: made again, it is as from the factory.
    private Task<Refusal?> Change(
        string operation,
        PciAddress address,
        PluggedFunction? function,
        Func<FunctionSettings, FunctionSettings> change)
    {
        lock (gate)
        {
            var device = Devices().FirstOrDefault(d => d.Address == address);
            if (device == null)
                return Task.FromResult(operation == "plug"
                    ? new Refusal("ENODEV", $"{address} is not on host {options.HostId}.")
                    : null);
            var refusal = faults.Next(operation, options.HostId, device, function);
            if (refusal == null)
                Keep(hardware with { Settings = Set(address, change(hardware.Of(address))) });
            return Task.FromResult(refusal);
        }
    }

    private ImmutableSortedDictionary<PciAddress, FunctionSettings> Set(
        PciAddress address, FunctionSettings settings) => settings == FunctionSettings.Clean
        ? hardware.Settings.Remove(address)
        : hardware.Settings.SetItem(address, settings);

    private ImmutableSortedDictionary<PciAddress, FunctionSettings> WithoutVfsOf(
        SimulatedPfOptions card) =>
        hardware.Settings.RemoveRange(VfAddresses.Of(PciAddress.Parse(card.Address), card.TotalVfs));

    private void Keep(Hardware next)
    {
        if (next.Settings == hardware.Settings && next.VfCounts == hardware.VfCounts)
            return;
        file.Save(next);
        hardware = next;
    }

    private int CountOf(SimulatedPfOptions card) =>
        hardware.VfCounts.GetValueOrDefault(PciAddress.Parse(card.Address), card.NumVfs);

    private IEnumerable<PciDevice> Devices() => options.Pfs.SelectMany(card =>
    {
        var pf = PciAddress.Parse(card.Address);
        var tags = card.PhysicalNetwork == null
            ? DeviceTags.None
            : new DeviceTags([new(PhysicalNetwork, card.PhysicalNetwork)]);
        if (card.TotalVfs == 0)
            return
            [
                new PciDevice(
                    pf, card.VendorId, card.ProductId, DeviceType.Pci, null, null, card.NumaNode, null,
                    card.CardSerialNumber, tags),
            ];
        var port = new PciDevice(
            pf, card.VendorId, card.ProductId, DeviceType.Pf, null, null, card.NumaNode, MacOf(pf),
            card.CardSerialNumber, tags, card.TotalVfs, CountOf(card), GroupOf(card, pf), PeersOf(card));
        return Enumerable.Range(0, CountOf(card)).Select(index => port with
        {
            Address = VfAddresses.At(pf, index),
            IommuGroup = GroupOf(card, VfAddresses.At(pf, index)),
            ProductId = card.VfProductId,
            Type = DeviceType.Vf,
            Parent = pf,
            VfIndex = index,
            TotalVfs = null,
            NumVfs = null,
        }).Prepend(port);
    });

    // A group of its own has the function's place for its number: so it stays what it is.
    private static int GroupOf(SimulatedPfOptions card, PciAddress function) => card.IommuGroup
        ?? function.Domain << 16 | function.Bus << 8 | function.Slot << 3 | function.Function;

    private int PeersOf(SimulatedPfOptions card)
    {
        if (card.IommuGroup is null)
            return 0;
        var sharing = options.Pfs.Where(other => other.IommuGroup == card.IommuGroup);
        return sharing.Sum(other => 1 + CountOf(other)) - 1;
    }

    // As systemd names them, by their place.
    private static string NameOf(PciAddress address)
    {
        var domain = address.Domain > 0 ? $"P{address.Domain}" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"en{domain}p{address.Bus}s{address.Slot}f{address.Function}");
    }

    // The same host and port always have the same MAC address, as burnt-in ones are.
    private string MacOf(PciAddress pf)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{options.HostId}/{pf}"));
        byte[] mac = [0x3c, 0xfd, 0xfe, .. hash[..3]];
        return string.Join(':', mac.Select(octet => $"{octet:x2}"));
    }
}
