using System.Collections.Immutable;
using Platform.Pci;

namespace Platform.HostAgent.Devices.Simulated;

/// <summary>
/// What simulated hardware holds, and keeps over restarts of the process: VF counts and settings.
/// </summary>
/// <param name="VfCounts">By PF.</param>
/// <param name="Settings">By function; one that is not here is as it comes from the factory.</param>
public sealed record Hardware(
    ImmutableSortedDictionary<PciAddress, int> VfCounts,
    ImmutableSortedDictionary<PciAddress, FunctionSettings> Settings)
{
    public static readonly Hardware New = new(
        ImmutableSortedDictionary<PciAddress, int>.Empty,
        ImmutableSortedDictionary<PciAddress, FunctionSettings>.Empty);

    public FunctionSettings Of(PciAddress address) =>
        Settings.GetValueOrDefault(address, FunctionSettings.Clean);
}

/// <summary>The settings of one function.</summary>
/// <param name="VmId">The guest that has it.</param>
public sealed record FunctionSettings(
    string MacAddress, int Vlan, bool Trust, bool SpoofCheck, string Driver, string? VmId)
{
    public static readonly FunctionSettings Clean = new("00:00:00:00:00:00", 0, false, true, "host", null);
}
