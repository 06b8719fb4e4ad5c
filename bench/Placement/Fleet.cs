using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Pci;
using Platform.Pci.Requests;
using Platform.Scheduler.Domain;
using Platform.Scheduler.Placement;

namespace Platform.Bench.Placement;

/// <summary>Hosts as their inventory tells of them, and what boots wish of them.</summary>
internal static class Fleet
{
    public const int Networks = 8;
    public static readonly Dictionary<string, Refusal> Untried = [];

    /// <summary>Two PFs, each on a network and a NUMA node of its own.</summary>
    public static PoolsChanged Host(int host, long version, int free, int total) => Of(
        host, version, [.. Enumerable.Range(0, 2).Select(port => PoolOn(
            port, (host + port) % Networks, numaNode: port, free, total))]);

    /// <summary>Two PFs on one network.</summary>
    public static PoolsChanged Twin(int host, int free, bool onOneNode) => Of(
        host, version: 1, onOneNode
            ? [
                PoolOn(0, 0, numaNode: 0, 2 * free, 2 * free) with
                {
                    FreeByPf = new Dictionary<string, int> { [PfAddress(0)] = free, [PfAddress(1)] = free },
                },
            ]
            : [PoolOn(0, 0, numaNode: 0, free, free), PoolOn(1, 0, numaNode: 1, free, free)]);

    public static HostIndex Index(IEnumerable<PoolsChanged> hosts)
    {
        var index = new HostIndex();
        foreach (var host in hosts)
            index.Apply(host);
        return index;
    }

    public static PciRequest Vf(int network) =>
        new PortNeeds("direct", $"physnet{network}").Request(null)!.For(Guid.NewGuid());

    public static Wish For(params PciRequest[] requests) => new(Demand.Of(requests));

    public static void Chosen(Choice choice)
    {
        if (choice is not Choice.Chosen)
            throw new InvalidOperationException($"No host was chosen: {choice}.");
    }

    public static void Refused(Choice choice)
    {
        if (choice is not Choice.NoHost)
            throw new InvalidOperationException($"A host was chosen: {choice}.");
    }

    private static PoolsChanged Of(int host, long version, IReadOnlyList<DevicePool> pools) =>
        new($"host-{host:00000}", version, Online: true, pools, [new(0, 0), new(1, 1)]);

    private static DevicePool PoolOn(int pf, int network, int numaNode, int free, int total) => new(
        "8086", "154c", DeviceType.Vf, numaNode,
        new Dictionary<string, string?> { ["physical_network"] = $"physnet{network}" }, free, total,
        new Dictionary<string, int> { [PfAddress(pf)] = free });

    private static string PfAddress(int pf) => $"0000:{(pf == 0 ? "3b" : "af")}:00.0";
}
