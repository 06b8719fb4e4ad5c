using Platform.HostAgent.Domain.Discovery;

namespace Platform.HostAgent.Devices.Kernel;

/// <summary>
/// Reads a host's functions, their network devices, its NUMA cells and the users of VFIO. What cannot be read
/// is skipped, with the reason, and hides nothing else.
/// </summary>
internal sealed class SysfsReader(string sysfs, string proc)
{
    public const string DefaultProc = "/proc";

    private static readonly string[] Functions = ["bus", "pci", "devices"];
    private static readonly string[] Netdevs = ["class", "net"];
    private static readonly string[] Nodes = ["devices", "system", "node"];

    private readonly KernelTree tree = new(sysfs);
    private readonly VfioUsers vfio = new(new(proc));

    public static SysfsReader Of(string sysfs) => new(sysfs, DefaultProc);

    /// <summary>There is a sysfs, and it knows of PCI.</summary>
    public static bool IsSysfs(string sysfs) => new KernelTree(sysfs).Has(Functions);

    /// <summary>Throws when there is no sysfs: nothing found is not the same as nothing there.</summary>
    public SysfsHost Read()
    {
        if (!tree.Has(Functions))
            throw new DirectoryNotFoundException(
                $"There is no {Path.Combine([sysfs, .. Functions])}: this host's functions cannot be read.");
        var skipped = new List<Skipped>();
        var functions = Each(Functions, Function, skipped);
        var users = functions.Any(f => FreeRule.IsOnVfio(f.Driver, f.VfioDevices)) ? vfio.Read() : (true, []);
        return new(
            functions, Each(Netdevs, Netdev, skipped), Each(Nodes, Node, skipped), skipped, users.All,
            users.IsComplete);
    }

    private List<T> Each<T>(string[] folder, Func<string, T?> read, List<Skipped> skipped) where T : class
    {
        var found = new List<T>();
        // The order of a folder is by chance.
        foreach (var name in tree.Names(folder).Order(StringComparer.Ordinal))
        {
            try
            {
                if (read(name) is { } one)
                    found.Add(one);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                skipped.Add(new(name, refused.Message));
            }
        }

        return found;
    }

    private SysfsFunction Function(string name)
    {
        string[] folder = [.. Functions, name];
        // To look for what most functions lack costs more than all the rest.
        var there = tree.Names(folder).ToHashSet();
        string? Text(string attribute) =>
            there.Contains(attribute) ? tree.Text([.. folder, attribute]) : null;
        string? Link(string attribute) =>
            there.Contains(attribute) ? tree.LinkName([.. folder, attribute]) : null;

        var vfs = there.Where(entry => entry.StartsWith("virtfn", StringComparison.Ordinal))
            .Select(entry => KeyValuePair.Create(entry, Link(entry))).Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value!);
        return new(
            name, Text("vendor"), Text("device"), Text("class"), Text("numa_node"), Text("sriov_totalvfs"),
            Text("sriov_vf_device"), Link("physfn"), vfs, Link("iommu_group"), Link("driver"),
            there.Contains("vfio-dev") ? tree.Names([.. folder, "vfio-dev"]) : []);
    }

    // Other files are in the folder too, as bonding_masters: they are no links.
    private SysfsNetdev? Netdev(string name)
    {
        string[] folder = [.. Netdevs, name];
        const string upper = "upper_";
        return tree.LinkTarget(folder) is not { } target ? null : new(
            name, target, tree.Text([.. folder, "ifindex"]), tree.Text([.. folder, "address"]),
            tree.TextIfAny([.. folder, "operstate"]), tree.TextIfAny([.. folder, "carrier"]),
            [
                .. from entry in tree.Names(folder)
                   where entry.StartsWith(upper, StringComparison.Ordinal)
                   select Upper(entry[upper.Length..], [.. folder, entry]),
            ]);
    }

    private SysfsUpper Upper(string name, string[] folder)
    {
        const string type = "DEVTYPE=";
        var lines = tree.TextIfAny([.. folder, "uevent"])?.Split('\n') ?? [];
        var named = lines.FirstOrDefault(line => line.StartsWith(type, StringComparison.Ordinal));
        return new(name, named?[type.Length..], tree.Names(folder));
    }

    private SysfsNode? Node(string name)
    {
        if (!name.StartsWith("node", StringComparison.Ordinal) || !name.Skip(4).All(char.IsAsciiDigit))
            return null;
        string[] folder = [.. Nodes, name];
        var packages = tree.Names(folder).Where(entry => entry.StartsWith("cpu", StringComparison.Ordinal))
            .Select(cpu => tree.TextIfAny([.. folder, cpu, "topology", "physical_package_id"]));
        return new(name, packages.FirstOrDefault(package => package is not null));
    }
}
