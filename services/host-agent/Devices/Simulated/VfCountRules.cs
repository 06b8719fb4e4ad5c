namespace Platform.HostAgent.Devices.Simulated;

/// <summary>
/// What the kernel answers to a number written to <c>sriov_numvfs</c>; measured on Linux 6.1 and 6.12.
/// </summary>
internal static class VfCountRules
{
    private const int WrittenMax = ushort.MaxValue;

    /// <summary>Null when it succeeds. The order of the checks is the kernel's.</summary>
    public static Refusal? Check(int current, int total, int wanted)
    {
        if (wanted is < 0 or > WrittenMax)
            return new("EINVAL", $"{wanted} is no number of VFs: it must be 0 to {WrittenMax}.");
        if (wanted > total)
            return new("ERANGE", $"{wanted} VFs are more than the PF can have, which is {total}.");
        return current != 0 && wanted != 0 && wanted != current
            ? new("EBUSY", $"The PF has {current} VFs: set 0 first, then {wanted}.")
            : null;
    }
}
