using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.HostAgent.Domain.Discovery;

/// <summary>A process that holds an IOMMU group or a function open through VFIO, as a guest's does.</summary>
/// <param name="Group">The IOMMU group, when it is held as a whole.</param>
/// <param name="Device">The name of the function's VFIO device, when it is held alone.</param>
public sealed partial record VfioUser(string ProcessId, string Program, int? Group, string? Device)
{
    /// <summary>Null when the file is no VFIO device, or the one that stands for none.</summary>
    public static VfioUser? Of(string processId, string program, string openFile)
    {
        var match = VfioFile().Match(openFile);
        if (!match.Success)
            return null;
        return match.Groups["group"] is { Success: true } group
            && int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(processId, program, number, null)
            : new(processId, program, null, match.Groups["device"].Value);
    }

    public override string ToString() => $"process {ProcessId} ({Program})";

    // A guest may run below another /dev: what is before the folder does not matter.
    [GeneratedRegex(@"/vfio/((noiommu-)?(?<group>[0-9]+)|devices/(?<device>vfio[0-9]+))\z")]
    private static partial Regex VfioFile();
}
