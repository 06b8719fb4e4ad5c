using Platform.HostAgent.Devices;
using Platform.HostAgent.Devices.Kernel;
using Platform.HostAgent.Devices.Simulated;
using Platform.HostAgent.Domain.Discovery;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.HostAgent.Options;

/// <summary>Says everything that is wrong with the settings at once, before an agent starts.</summary>
internal static class HostAgentOptionsRules
{
    // So many VFs one port of the simulated card has places for.
    private const int TotalVfsMax = VfAddresses.PlacesPerFunction;

    public static string? Refuse(HostAgentOptions options)
    {
        var wrong = Intervals(options).Concat(Libvirt(options))
            .Concat(options.Hosts.GroupBy(h => h.HostId).Where(g => g.Count() > 1)
                .Select(g => $"HostAgent:Hosts names '{g.Key}' {g.Count()} times; every host has one agent."))
            .Concat(options.Hosts.Where(h => h.Kernel).GroupBy(Root).Where(g => g.Count() > 1)
                .Select(g => "HostAgent:Hosts has Kernel at "
                    + $"{string.Join(" and ", g.Select(h => h.HostId))}; a machine is one host."))
            .Concat(options.Hosts.SelectMany((host, i) => Host(host, $"HostAgent:Hosts:{i}")))
            .Concat(options.Faults.SelectMany((fault, i) => Fault(fault, $"HostAgent:Faults:{i}")))
            .ToList();
        // The spec is read with what the hosts are, so they must be right first.
        if (wrong.Count == 0)
            wrong.AddRange(options.Hosts.Select(host => Spec(options.DeviceSpec, host)).OfType<string>()
                .Distinct());
        return wrong.Count == 0 ? null : string.Join(" ", wrong);
    }

    private static IEnumerable<string> Intervals(HostAgentOptions options)
    {
        if (options.HeartbeatInterval <= TimeSpan.Zero)
            yield return $"HostAgent:HeartbeatInterval is {options.HeartbeatInterval}; set it above zero.";
        if (options.AdmissionInterval <= TimeSpan.Zero)
            yield return $"HostAgent:AdmissionInterval is {options.AdmissionInterval}; set it above zero.";
    }

    private static IEnumerable<string> Libvirt(HostAgentOptions options)
    {
        if (options.Libvirt is { } uri && !Uri.TryCreate(uri, UriKind.Absolute, out _))
            yield return $"HostAgent:Libvirt is '{uri}'; write a URI, as qemu:///system, or leave it out.";
    }

    private static IEnumerable<string> Host(AgentHostOptions host, string path)
    {
        if (host.HostId.Length == 0 || !host.HostId.All(IsIdCharacter))
            yield return $"{path}:HostId is '{host.HostId}'; write letters, digits, '.', '_' and '-' only.";

        if (Kernel(host, path) is { } misplaced)
            yield return misplaced;
        if (host.NumaCells < 0)
            yield return $"{path}:NumaCells is {host.NumaCells}; it must be 0 or more.";
        if (host.NumaCellsPerSocket < 1)
            yield return $"{path}:NumaCellsPerSocket is {host.NumaCellsPerSocket}; it must be 1 or more.";

        foreach (var reason in host.Pfs.SelectMany((pf, i) => Pf(pf, host, $"{path}:Pfs:{i}")))
            yield return reason;

        var addresses = host.Pfs.Where(IsSound).SelectMany(pf => PciAddress.Parse(pf.Address) is var address
            ? VfAddresses.Of(address, pf.TotalVfs).Prepend(address)
            : []);
        foreach (var twice in addresses.GroupBy(a => a).Where(g => g.Count() > 1).Take(1))
            yield return $"{path}:Pfs give two functions the address {twice.Key}; "
                + "give each PF a bus or a function of its own.";
    }

    private static string? Kernel(AgentHostOptions host, string path)
    {
        var root = Root(host);
        if (!host.Kernel)
            return host.SysfsRoot is null ? null
                : $"{path}:SysfsRoot is '{root}', and {path}:Kernel is not set; "
                    + "only a host with Kernel has one.";
        if (host.Pfs.Count > 0)
            return $"{path} has Kernel and Pfs; "
                + "leave out Pfs for what this machine has, or Kernel to simulate.";
        return SysfsReader.IsSysfs(root) ? null
            : $"{path}:SysfsRoot is '{root}', and there is no bus/pci/devices in it; "
                + "name the folder where sysfs is mounted.";
    }

    private static IEnumerable<string> Pf(SimulatedPfOptions pf, AgentHostOptions host, string path)
    {
        if (!PciAddress.TryParse(pf.Address, out _, out var reason))
            yield return $"{path}:Address: {reason}";
        if (pf.TotalVfs is < 0 or > TotalVfsMax)
            yield return $"{path}:TotalVfs is {pf.TotalVfs}; a simulated PF has 0 to {TotalVfsMax}.";
        if (pf.NumVfs < 0 || pf.NumVfs > pf.TotalVfs)
            yield return $"{path}:NumVfs is {pf.NumVfs}; it must be 0 to TotalVfs, which is {pf.TotalVfs}.";
        if (pf.IommuGroup < 0)
            yield return $"{path}:IommuGroup is {pf.IommuGroup}; it must be 0 or more.";
        if (host.NumaCells > 0 && (pf.NumaNode < 0 || pf.NumaNode >= host.NumaCells))
            yield return $"{path}:NumaNode is {pf.NumaNode}; "
                + $"the host has NUMA cells 0 to {host.NumaCells - 1}.";
    }

    private static string? Spec(IReadOnlyList<string> spec, AgentHostOptions host)
    {
        try
        {
            DeviceSpecList.Parse(spec, Facts(host));
            return null;
        }
        catch (SpecRefusedException refused)
        {
            return $"HostAgent:DeviceSpec: {refused.Message}";
        }
    }

    public static string Root(AgentHostOptions host) => host.SysfsRoot ?? AgentHostOptions.DefaultSysfsRoot;

    private static HostFacts Facts(AgentHostOptions host) => host.Kernel
        ? HostSnapshot.Of(SysfsReader.Of(Root(host)).Read()).Facts
        : SimulatedHost.FactsOf(host);

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';

    private static bool IsSound(SimulatedPfOptions pf) =>
        PciAddress.TryParse(pf.Address, out _, out _) && pf.TotalVfs is >= 0 and <= TotalVfsMax;

    private static IEnumerable<string> Fault(FaultOptions fault, string path)
    {
        if (fault.Operation is not ("plug" or "unplug" or "clean"))
            yield return $"{path}:Operation is '{fault.Operation}'; it must be plug, unplug or clean.";
        if (fault.Times < -1)
            yield return $"{path}:Times is {fault.Times}; it must be -1 (for ever), 0 or more.";
    }
}
