namespace Platform.Pci.Requests;

/// <summary>So many functions that a flavor or a port asks for: Nova's <c>InstancePCIRequest</c>.</summary>
/// <param name="Count">0 or more.</param>
/// <param name="Spec">Alternatives; all keys of one must be met.</param>
/// <param name="AliasName">Null for a port.</param>
/// <param name="NumaPolicy">The port's, else the flavor's, else the alias's; null when none says.</param>
public sealed record DeviceRequest(
    int Count, IReadOnlyList<IReadOnlyDictionary<string, string?>> Spec, string? AliasName,
    NumaPolicy? NumaPolicy);
