namespace Platform.HostAgent.Domain.Discovery;

/// <summary>What was read of a host, as text. Nothing is understood of it yet.</summary>
/// <param name="Skipped">What could not be read.</param>
/// <param name="VfioUsers">Processes that hold a function open through VFIO.</param>
/// <param name="AreVfioUsersKnown">False when some processes did not let themselves be looked at.</param>
public sealed record SysfsHost(
    IReadOnlyList<SysfsFunction> Functions,
    IReadOnlyList<SysfsNetdev> Netdevs,
    IReadOnlyList<SysfsNode> Nodes,
    IReadOnlyList<Skipped> Skipped,
    IReadOnlyList<VfioUser> VfioUsers,
    bool AreVfioUsersKnown);

/// <summary>
/// A folder of <c>bus/pci/devices</c>. Of links, the last name of their target is kept; what is not there is
/// null.
/// </summary>
/// <param name="VirtualFunctions">By the name of the link: <c>virtfn0</c>, <c>virtfn1</c>, ...</param>
/// <param name="VfioDevices">Names below <c>vfio-dev</c>: <c>vfio0</c>.</param>
public sealed record SysfsFunction(
    string Name,
    string? Vendor,
    string? Device,
    string? Class,
    string? NumaNode,
    string? TotalVfs,
    string? VfDevice,
    string? PhysicalFunction,
    IReadOnlyDictionary<string, string> VirtualFunctions,
    string? IommuGroup,
    string? Driver,
    IReadOnlyList<string> VfioDevices);

/// <summary>A link of <c>class/net</c>.</summary>
/// <param name="Target">Where it points: the folders of the devices that it hangs on.</param>
/// <param name="Uppers">The network devices on top of it.</param>
public sealed record SysfsNetdev(
    string Name,
    string Target,
    string? Index,
    string? Address,
    string? OperationalState,
    string? Carrier,
    IReadOnlyList<SysfsUpper> Uppers);

/// <summary>A network device on top of another.</summary>
/// <param name="DeviceType"><c>DEVTYPE</c> of its <c>uevent</c>.</param>
/// <param name="Folders">The folders that it has, among them what only a bridge or a bond has.</param>
public sealed record SysfsUpper(string Name, string? DeviceType, IReadOnlyList<string> Folders);

/// <summary>A folder of <c>devices/system/node</c>.</summary>
/// <param name="Package">The CPU socket of its first CPU.</param>
public sealed record SysfsNode(string Name, string? Package);

/// <summary>What was left out, and why: one bad device does not hide the others.</summary>
public sealed record Skipped(string What, string Reason);
