namespace Platform.HostAgent.Options;

/// <summary>
/// Section <c>HostAgent</c>: which hosts this process is the agent of, and how it speaks for them.
/// </summary>
public sealed class HostAgentOptions
{
    public const string Section = "HostAgent";

    /// <summary>Each gets an agent of its own.</summary>
    public IReadOnlyList<AgentHostOptions> Hosts { get; init; } = [];

    /// <summary>
    /// Nova's <c>[pci] device_spec</c>, in JSON, any number of times: which functions of a host are offered,
    /// and with which tags. Read again when the file it is in changes. None: of a simulated host all are
    /// offered, on the networks that its PFs name; of a real one none.
    /// </summary>
    public IReadOnlyList<string> DeviceSpec { get; init; } = [];

    /// <summary>How often an agent says that it lives, and looks at its devices again.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often an agent that is not admitted asks again.</summary>
    public TimeSpan AdmissionInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Where fences, plugs, guests' XML and simulated hardware are kept over restarts. Unset: in memory only.
    /// </summary>
    public string? StateFolder { get; init; }

    /// <summary>
    /// The libvirt whose running guests get what is plugged, as <c>qemu:///system</c>. Unset: the outcome of
    /// a plug has the XML for whatever starts the guest, and the state folder keeps it.
    /// </summary>
    public string? Libvirt { get; init; }

    /// <summary>What simulated hosts refuse, for demonstrations and tests.</summary>
    public IReadOnlyList<FaultOptions> Faults { get; init; } = [];
}

/// <summary>A host: this machine's kernel says what it has, or it is simulated.</summary>
public sealed class AgentHostOptions
{
    public const string DefaultSysfsRoot = "/sys";

    public string HostId { get; init; } = "";

    /// <summary>What the kernel of this machine has. Else the host is simulated, with the cards below.
    /// </summary>
    public bool Kernel { get; init; }

    /// <summary>Of a host with <see cref="Kernel"/>: where sysfs is, when not at <c>/sys</c>.</summary>
    public string? SysfsRoot { get; init; }

    /// <summary>How many NUMA cells it has, numbered from 0. 0: it does not say.</summary>
    public int NumaCells { get; init; } = 2;

    /// <summary>How many of them, one after another, are on one CPU socket.</summary>
    public int NumaCellsPerSocket { get; init; } = 1;

    public IReadOnlyList<SimulatedPfOptions> Pfs { get; init; } = [];
}

/// <summary>A simulated PF: an Intel X710 port unless said otherwise.</summary>
public sealed class SimulatedPfOptions
{
    /// <summary>
    /// <c>dddd:bb:ss.f</c>. Its VFs follow from slot 02 on, 64 places for each function of the card.
    /// </summary>
    public string Address { get; init; } = "";

    /// <summary>The tag <c>physical_network</c> of the PF and its VFs.</summary>
    public string? PhysicalNetwork { get; init; }

    /// <summary>How many VFs it has when it is first seen.</summary>
    public int NumVfs { get; init; }

    /// <summary>0: it is no PF but a plain function, such as a GPU.</summary>
    public int TotalVfs { get; init; } = 64;

    /// <summary>One of the host's NUMA cells; null when it does not say.</summary>
    public int? NumaNode { get; init; }

    /// <summary>
    /// The IOMMU group that the PF shares with its VFs, and with other PFs that name it. Unset: every
    /// function has a group of its own.
    /// </summary>
    public int? IommuGroup { get; init; }

    public string VendorId { get; init; } = "8086";

    public string ProductId { get; init; } = "1572";

    public string VfProductId { get; init; } = "154c";

    public string? CardSerialNumber { get; init; }
}

/// <summary>A failure to play. What is left out matches everything.</summary>
public sealed class FaultOptions
{
    /// <summary><c>plug</c>, <c>unplug</c> or <c>clean</c>.</summary>
    public string Operation { get; init; } = "";

    public string? Host { get; init; }

    public string? Address { get; init; }

    public string? PhysicalNetwork { get; init; }

    public string? VmId { get; init; }

    /// <summary>How often, in this process; -1 for ever.</summary>
    public int Times { get; init; } = 1;

    public string Reason { get; init; } = "Played by configuration.";
}
