using Platform.HostAgent.Domain;
using Platform.HostAgent.Options;
using Platform.Pci;

namespace Platform.HostAgent.Devices.Simulated;

/// <summary>The failures to play, counted down over all hosts of the process.</summary>
public sealed class Faults(IReadOnlyList<FaultOptions> played)
{
    private readonly int[] left = [.. played.Select(fault => fault.Times)];
    private readonly Lock gate = new();

    /// <summary>The first that matches, used up once; null when there is none.</summary>
    public Refusal? Next(string operation, string host, PciDevice device, PluggedFunction? function)
    {
        lock (gate)
        {
            var index = Enumerable.Range(0, left.Length).FirstOrDefault(
                i => left[i] != 0 && Matches(played[i], operation, host, device, function), -1);
            if (index < 0)
                return null;
            if (left[index] > 0)
                left[index]--;
            return new("EIO", $"{operation} of {device.Address} failed: {played[index].Reason}");
        }
    }

    private static bool Matches(
        FaultOptions fault, string operation, string host, PciDevice device, PluggedFunction? function) =>
        fault.Operation == operation
        && (fault.Host ?? host) == host
        && (fault.Address ?? device.Address.ToString()) == device.Address.ToString()
        && (fault.PhysicalNetwork == null
            || fault.PhysicalNetwork == device.Tags.GetValueOrDefault(SimulatedHost.PhysicalNetwork))
        && (fault.VmId == null || fault.VmId == function?.VmId);
}
