namespace Platform.Contracts.NetworkBinding;

/// <summary>
/// What do these ports need? Answered by <see cref="PortsResolved"/>, or by
/// <see cref="PortResolutionFailed"/> when any of them cannot be had.
/// </summary>
public sealed record ResolvePorts(Guid BootId, IReadOnlyList<string> PortIds, DateTimeOffset NotAfter)
{
    public static readonly Uri Queue = new("queue:resolve-ports");
}
