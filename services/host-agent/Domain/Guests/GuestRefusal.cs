namespace Platform.HostAgent.Domain.Guests;

/// <summary>What is wrong with what a guest is to be given.</summary>
public enum GuestRefusalKind
{
    /// <summary>An address, MAC address, VLAN, profile id, alias or boot order that no guest can
    /// have.</summary>
    Invalid,

    /// <summary>A PCI address that is none.</summary>
    WrongAddress,

    /// <summary>The port's binding says no vif type.</summary>
    NoVifType,

    /// <summary>The port is not bound, or its binding failed.</summary>
    NotBound,

    /// <summary>A vif type that gives no PCI function to a guest.</summary>
    UnsupportedVifType,

    /// <summary>The binding lacks what its vif type needs.</summary>
    MissingDetail,

    /// <summary>A macvtap binding lacks its source, mode or physical interface.</summary>
    MissingMacvtapDetail,

    /// <summary>The function has no network device on the host.</summary>
    NetdevNotFound,
}

/// <summary>Why a guest cannot be given a device: what, with which value, and what to do.</summary>
public sealed class GuestRefusedException(GuestRefusalKind kind, string message) : Exception(message)
{
    public GuestRefusalKind Kind { get; } = kind;
}
