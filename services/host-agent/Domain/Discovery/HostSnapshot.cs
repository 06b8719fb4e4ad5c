using System.Globalization;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.HostAgent.Domain.Discovery;

/// <summary>A host as the kernel shows it, understood.</summary>
/// <param name="Functions">All but bridges, by address.</param>
/// <param name="Skipped">What could not be read or made sense of.</param>
public sealed record HostSnapshot(
    IReadOnlyList<SeenFunction> Functions,
    HostFacts Facts,
    IReadOnlyList<NumaCell> NumaCells,
    IReadOnlyList<Skipped> Skipped)
{
    public static readonly HostSnapshot Empty = new([], HostFacts.None, [], []);

    public static HostSnapshot Of(SysfsHost read)
    {
        var skipped = read.Skipped.ToList();
        var functions = new List<KernelFunction>();
        foreach (var one in read.Functions)
        {
            if (KernelFunction.Read(one, out var reason) is { } function)
                functions.Add(function);
            else
                skipped.Add(new(one.Name, reason!));
        }

        var netdevs = read.Netdevs
            .Select(netdev => (Function: NetworkDevice.FunctionOf(netdev), Device: NetworkDevice.Of(netdev)))
            .Where(pair => pair.Function is not null)
            .OrderBy(pair => pair.Device.Index)
            .ToLookup(pair => pair.Function!.Value, pair => pair.Device);
        var whole = new Whole(functions, netdevs, read);
        return new(
            [.. Seen(whole, skipped)],
            new HostFacts(
                functions.Where(f => f.Device.Type == DeviceType.Pf).ToDictionary(
                    f => f.Address, f => new PfIds(f.Device.VendorId, f.Device.ProductId, f.VfProductId)),
                netdevs.SelectMany(of => of.Select(netdev => (netdev.Name, Function: of.Key)))
                    .ToDictionary(pair => pair.Name, pair => pair.Function)),
            [.. read.Nodes.Select(Cell).OfType<NumaCell>().OrderBy(cell => cell.Id)],
            skipped);
    }

    private static IEnumerable<SeenFunction> Seen(Whole whole, List<Skipped> skipped)
    {
        foreach (var function in whole.Functions.Where(f => !f.IsBridge).OrderBy(f => f.Address))
        {
            var device = function.Device;
            if (device.Parent is { } parent)
            {
                // VFs come and go while the folder is read: one that its PF does not list is half there.
                if (whole.IndexOf(device.Address, parent) is not { } index)
                {
                    skipped.Add(new($"{device.Address}", $"Its PF {parent} does not list it among its VFs."));
                    continue;
                }

                device = device with { VfIndex = index };
            }

            device = device with
            {
                NumVfs = device.Type == DeviceType.Pf ? whole.VfsOf(function) : null,
                IommuPeers = whole.PeersOf(function),
                PfMacAddress = whole.MacOf(device.Parent ?? device.Address, device.Type),
            };
            yield return new(
                device, function.Driver, [.. whole.Netdevs[device.Address]], whole.UseOf(function));
        }
    }

    private static NumaCell? Cell(SysfsNode node) =>
        int.TryParse(node.Name.AsSpan("node".Length), NumberStyles.None, CultureInfo.InvariantCulture,
            out var id)
            ? new(id, int.TryParse(
                node.Package, NumberStyles.None, CultureInfo.InvariantCulture, out var socket)
                ? socket
                : null)
            : null;

    // What is said of one function by the others.
    private sealed class Whole(
        List<KernelFunction> functions, ILookup<PciAddress, NetworkDevice> netdevs, SysfsHost read)
    {
        private readonly Dictionary<PciAddress, KernelFunction> byAddress =
            functions.ToDictionary(f => f.Address);

        private readonly Dictionary<int, int> groups = functions
            .Where(f => f is { IsBridge: false, Device.IommuGroup: not null })
            .GroupBy(f => f.Device.IommuGroup!.Value)
            .ToDictionary(group => group.Key, group => group.Count());

        public IReadOnlyList<KernelFunction> Functions => functions;

        public ILookup<PciAddress, NetworkDevice> Netdevs => netdevs;

        public int? IndexOf(PciAddress vf, PciAddress pf) =>
            byAddress.GetValueOrDefault(pf)?.Vfs.Where(pair => pair.Value == vf)
                .Select(pair => (int?)pair.Key).FirstOrDefault();

        // Counted, because to read sriov_numvfs is to wait for whoever writes to it, perhaps for ever. Only
        // those that are there: a link may be seen before its VF.
        public int VfsOf(KernelFunction pf) => pf.Vfs.Values
            .Count(vf => byAddress.GetValueOrDefault(vf)?.Device.Parent == pf.Address);

        public int? PeersOf(KernelFunction function) =>
            function.Device.IommuGroup is { } group ? groups[group] - 1 : null;

        // The port itself is there before what is made on it, as the representors of its VFs.
        public string? MacOf(PciAddress pf, string type) =>
            type == DeviceType.Pci ? null : netdevs[pf].FirstOrDefault()?.MacAddress;

        public string? UseOf(KernelFunction function) => FreeRule.UseOf(
            function, netdevs[function.Address], read.VfioUsers, read.AreVfioUsersKnown);
    }
}

/// <summary>A function of the host, with what only the kernel says of it.</summary>
/// <param name="Use">Why it is not free; null when it is.</param>
public sealed record SeenFunction(
    PciDevice Device, string? Driver, IReadOnlyList<NetworkDevice> Netdevs, string? Use);
