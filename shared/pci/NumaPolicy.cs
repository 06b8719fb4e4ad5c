namespace Platform.Pci;

/// <summary>
/// How near to the guest's NUMA cells the functions of a request must be (D10): the values of
/// <c>pci_numa_affinity_policy</c>.
/// </summary>
public enum NumaPolicy
{
    /// <summary>On a cell of the guest, or on no known cell. What Nova does when nothing is said.</summary>
    Legacy,

    /// <summary>On a cell of the guest.</summary>
    Required,

    /// <summary>On a cell of the guest if possible, else anywhere.</summary>
    Preferred,

    /// <summary>On a cell of the guest, or on one that shares a socket with such a cell.</summary>
    Socket,
}
