using System.Text.Json;

namespace Platform.Pci.Requests;

/// <summary>What of a network port decides which function it needs.</summary>
/// <param name="PhysicalNetwork">Null on a tunnelled network (AX4).</param>
/// <param name="Trusted">The profile's <c>trusted</c> (AX5); null when it says nothing.</param>
/// <param name="NumaPolicy">The port's <c>numa_affinity_policy</c>.</param>
public sealed record PortNeeds(
    string VnicType, string? PhysicalNetwork, bool? Trusted = null, NumaPolicy? NumaPolicy = null)
{
    private const string RemoteManaged = "remote-managed";

    /// <summary>Reads <c>trusted</c> of a <c>binding:profile</c>, as loosely as Nova does.</summary>
    public static bool? TrustedOf(JsonElement profile) =>
        profile.ValueKind == JsonValueKind.Object
        && profile.TryGetProperty("trusted", out var trusted)
        && trusted.ValueKind != JsonValueKind.Null
            ? TruthText.IsTrue(trusted)
            : null;

    /// <summary>The request for the port's one function (C2, C3, C9, C32); null for a port that needs none
    /// (C1).</summary>
    /// <param name="flavor">The flavor's NUMA policy, which the port's overrides.</param>
    public DeviceRequest? Request(NumaPolicy? flavor)
    {
        if (VnicType is not ("direct" or "macvtap" or "direct-physical" or "virtio-forwarder" or "vdpa"
            or RemoteManaged))
            return null;

        var spec = new Dictionary<string, string?>
        {
            ["physical_network"] = PhysicalNetwork,
            [DeviceTags.RemoteManaged] = VnicType == RemoteManaged ? "True" : "False",
        };
        if (VnicType is "direct-physical" or "vdpa")
            spec["dev_type"] = VnicType == "vdpa" ? DeviceType.Vdpa : DeviceType.Pf;
        if (Trusted is { } trusted)
            spec["trusted"] = trusted ? "True" : "False";
        return new(1, [spec], null, NumaPolicy ?? flavor);
    }
}
