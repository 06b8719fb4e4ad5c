namespace Platform.Contracts.NetworkBinding;

/// <summary>
/// Take the claim off these ports, and never put it on again. Answered by <see cref="PortsUnbound"/>, also
/// when it was not on them, or by <see cref="PortUnbindingFailed"/>.
/// </summary>
public sealed record UnbindPorts(Guid BootId, Guid ClaimId, string HostId, IReadOnlyList<string> PortIds)
{
    public static readonly Uri Queue = new("queue:unbind-ports");
}
