using Platform.Pci;

namespace Platform.Scheduler.Domain;

/// <summary>
/// What the scheduler knows of a host: its pools at one version of its stream. It may be behind the truth.
/// </summary>
/// <param name="NumaCells">None when its agent does not say.</param>
/// <param name="Assumed">
/// Functions chosen here since that version and not yet seen in the pools. They rank a host, they never
/// refuse one.
/// </param>
public sealed record KnownHost(
    string HostId, long Version, bool Online, IReadOnlyList<Pool> Pools,
    IReadOnlyList<NumaCell> NumaCells, int Assumed);
