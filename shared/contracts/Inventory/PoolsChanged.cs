using Platform.Contracts.HostAgent;

namespace Platform.Contracts.Inventory;

/// <summary>
/// A host's pools as they are at this version of its stream: the whole of them, so that one of a higher
/// version replaces whatever was known, and one of a lower version is ignored.
/// </summary>
/// <param name="Online">False: the host keeps what it has given, and gives nothing more.</param>
/// <param name="NumaCells">The host's; none when its agent does not say.</param>
public sealed record PoolsChanged(
    string HostId, long Version, bool Online, IReadOnlyList<DevicePool> Pools,
    IReadOnlyList<NumaCell>? NumaCells = null);

/// <summary>Functions of one host that cannot be told apart by a request: a PCI stats entry.</summary>
/// <param name="Tags">From the device spec, <c>physical_network</c> among them.</param>
/// <param name="Free">How many can be had now.</param>
/// <param name="Total">How many there are, held, cleaning and quarantined ones included.</param>
/// <param name="FreeByPf">The free ones by the address of their PF, those with none left out; a function that
/// is no VF counts under its own. They come to <paramref name="Free"/>. Left out: it is not known.</param>
public sealed record DevicePool(
    string VendorId,
    string ProductId,
    string DeviceType,
    int? NumaNode,
    IReadOnlyDictionary<string, string?> Tags,
    int Free,
    int Total,
    IReadOnlyDictionary<string, int>? FreeByPf = null);
