namespace Platform.Contracts.NetworkBinding;

/// <summary>At least one port cannot be had. No port was changed.</summary>
public sealed record PortResolutionFailed(Guid BootId, IReadOnlyList<PortProblem> Problems);

/// <summary>One port and what is wrong with it.</summary>
public sealed record PortProblem(string PortId, string Reason);
