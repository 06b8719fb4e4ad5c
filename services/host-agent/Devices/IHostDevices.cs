using Platform.HostAgent.Domain;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;

namespace Platform.HostAgent.Devices;

/// <summary>
/// The PCI functions of one host, and what can be done to them. Every call may come again: what is so already
/// stays so, and is no failure. The agent makes one call at a time.
/// </summary>
public interface IHostDevices
{
    /// <summary>What a device spec may ask of the host.</summary>
    HostFacts Facts { get; }

    /// <summary>The host's NUMA cells; none when it does not say.</summary>
    IReadOnlyList<NumaCell> NumaCells { get; }

    /// <summary>What of the latest reading is not offered because something else uses it, and what.</summary>
    IReadOnlyDictionary<PciAddress, string> Uses { get; }

    /// <summary>Without a device spec, everything is offered as it is; else nothing is.</summary>
    bool IsOfferedWithoutSpec { get; }

    /// <summary>Ends when something may have changed since the latest reading, or never.</summary>
    Task Changed(CancellationToken stop);

    /// <summary>Every function that the host's device spec offers, by address.</summary>
    Task<IReadOnlyList<PciDevice>> Read(CancellationToken stop);

    /// <summary>
    /// Every function of the host, offered or not: a guest may have one that is offered no more.
    /// </summary>
    Task<IReadOnlyList<PciDevice>> ReadAll(CancellationToken stop);

    /// <summary>
    /// The function's network device on the host; null when it has none, as one that a guest has.
    /// </summary>
    Task<string?> NetdevOf(PciAddress address, CancellationToken stop);

    /// <summary>Sets the function up and gives it to the guest.</summary>
    Task<Refusal?> Plug(PluggedFunction function, CancellationToken stop);

    /// <summary>Takes the function from its guest. Its settings stay until it is cleaned.</summary>
    Task<Refusal?> Unplug(PluggedFunction function, CancellationToken stop);

    /// <summary>
    /// MAC zero, VLAN 0, trust off, spoof check on, the host's driver back. A function that is gone is clean.
    /// </summary>
    Task<Refusal?> Clean(PciAddress address, CancellationToken stop);

    /// <summary>Makes or removes VFs, by the kernel's rules.</summary>
    Task<Refusal?> SetVfCount(PciAddress pf, int count, CancellationToken stop);
}

/// <summary>Why the host did not do it.</summary>
/// <param name="Error">The kernel's name for it (<c>EBUSY</c>, <c>ERANGE</c>, ...).</param>
public sealed record Refusal(string Error, string Reason);
