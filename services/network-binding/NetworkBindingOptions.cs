namespace Platform.NetworkBinding;

/// <summary>Section <c>NetworkBinding</c>.</summary>
public sealed class NetworkBindingOptions
{
    public const string Section = "NetworkBinding";

    /// <summary>The physical networks there are. Empty: any may be named in a network.</summary>
    public IReadOnlyList<string> PhysicalNetworks { get; init; } = [];

    /// <summary>The project of networks and ports that name none.</summary>
    public string DefaultProjectId { get; init; } = "default";
}
