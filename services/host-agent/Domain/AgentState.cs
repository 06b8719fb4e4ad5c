using System.Collections.Immutable;
using Platform.Pci;

namespace Platform.HostAgent.Domain;

/// <summary>A function given to a guest, and what it was set to.</summary>
/// <param name="PortId">Null, as are vnic type and MAC address, for a function that belongs to no port and is
/// given as it is.</param>
/// <param name="Done">False while the plug is under way: what a crash leaves so is done again, or
/// cleaned.</param>
public sealed record PluggedFunction(
    PciAddress Address,
    Guid BootId,
    string VmId,
    Guid ClaimId,
    long Generation,
    string? PortId,
    string? VnicType,
    string? MacAddress,
    int? Vlan,
    bool Done = false);

/// <summary>
/// What the agent of one host must never forget: which generations are fenced off, and what is plugged for
/// whom. The epoch and the sequence belong to one life of the agent; fences and functions outlive it.
/// </summary>
/// <param name="Epoch">Given by the inventory at admission; 0 before it.</param>
/// <param name="Sequence">Of the last event published within the epoch.</param>
/// <param name="Fences">By address: plugs at or below this generation are refused.</param>
/// <param name="Functions">By address: what is plugged, or being plugged.</param>
public sealed record AgentState(
    long Epoch,
    long Sequence,
    ImmutableSortedDictionary<PciAddress, long> Fences,
    ImmutableSortedDictionary<PciAddress, PluggedFunction> Functions)
{
    public static readonly AgentState Empty = new(
        0,
        0,
        ImmutableSortedDictionary<PciAddress, long>.Empty,
        ImmutableSortedDictionary<PciAddress, PluggedFunction>.Empty);

    public bool IsAdmitted => Epoch > 0;

    public long FenceOf(PciAddress address) => Fences.GetValueOrDefault(address);

    public PluggedFunction? At(PciAddress address) => Functions.GetValueOrDefault(address);

    public IEnumerable<PluggedFunction> Of(Guid claimId) => Functions.Values.Where(f => f.ClaimId == claimId);

    /// <summary>Fences only rise: a lower generation for an address changes nothing.</summary>
    public AgentState Fence(IEnumerable<PciAddress> addresses, long generation) => this with
    {
        Fences = addresses.Aggregate(Fences, (fences, address) =>
            fences.GetValueOrDefault(address) >= generation ? fences : fences.SetItem(address, generation)),
    };

    public AgentState With(IEnumerable<PluggedFunction> functions) => this with
    {
        Functions = Functions.SetItems(functions.Select(f => KeyValuePair.Create(f.Address, f))),
    };

    public AgentState Without(IEnumerable<PciAddress> addresses) =>
        this with { Functions = Functions.RemoveRange(addresses) };

    public AgentState NextEvent() => this with { Sequence = Sequence + 1 };
}
