namespace Platform.Pci.Requests;

/// <summary>So many functions that a flavor or a port asks for: Nova's <c>InstancePCIRequest</c>.</summary>
/// <param name="Count">0 or more.</param>
/// <param name="Spec">Alternatives; all keys of one must be met.</param>
/// <param name="AliasName">Null for a port.</param>
/// <param name="NumaPolicy">The port's, else the flavor's, else the alias's; null when none says.</param>
public sealed record DeviceRequest(
    int Count, IReadOnlyList<IReadOnlyDictionary<string, string?>> Spec, string? AliasName,
    NumaPolicy? NumaPolicy)
{
    /// <summary>As pools are asked, under an id that later finds the devices again (C10).</summary>
    public PciRequest For(Guid requestId) => new(requestId, Count, Spec, NumaPolicy);
}
