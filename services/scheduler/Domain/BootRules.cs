namespace Platform.Scheduler.Domain;

/// <summary>What a boot request must be, before anything is done for it.</summary>
public static class BootRules
{
    /// <summary>As many as a guest's PCI topology takes without special care.</summary>
    public const int NicsMax = 64;

    public const int NameLengthMax = 255;

    /// <summary>
    /// What is wrong with a request, or null. Every member may be missing: it comes from anybody.
    /// </summary>
    /// <param name="asksForDevices">Its flavor asks for devices: then it needs no NIC.</param>
    public static string? ProblemOf(
        string? vmId, string? projectId, IReadOnlyList<string?>? portIds, bool asksForDevices = false)
    {
        if (NameProblem("vmId", vmId) is { } vmProblem)
            return vmProblem;
        if (NameProblem("projectId", projectId) is { } projectProblem)
            return projectProblem;
        if (portIds is null or [])
            return asksForDevices
                ? null
                : "The boot asks for no NIC and no device: give nics with one portId each, or extraSpecs "
                    + "with pci_passthrough:alias.";
        if (portIds.Count > NicsMax)
            return $"The boot asks for {portIds.Count} NICs: give at most {NicsMax}.";
        var named = portIds.TakeWhile(id => !string.IsNullOrWhiteSpace(id)).Count();
        if (named < portIds.Count)
            return $"NIC {named} names no port: give its portId.";
        if (portIds.FirstOrDefault(id => id!.Length > NameLengthMax) is { } tooLong)
            return $"A NIC's portId has {tooLong.Length} characters: give at most {NameLengthMax}.";
        return portIds.GroupBy(id => id).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"Port {twice.Key} is named {twice.Count()} times: a port has one NIC."
            : null;
    }

    private static string? NameProblem(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return $"The boot has no {field}: give 1 to {NameLengthMax} characters.";
        return value.Length > NameLengthMax
            ? $"The boot's {field} has {value.Length} characters: give at most {NameLengthMax}."
            : null;
    }
}
