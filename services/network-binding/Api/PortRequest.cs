using System.Net.NetworkInformation;
using System.Text.Json.Nodes;
using Platform.NetworkBinding.Domain;

namespace Platform.NetworkBinding.Api;

/// <summary>What a request makes of a port.</summary>
internal static class PortRequest
{
    private const string MacAddress = "mac_address";
    private const string HostId = "binding:host_id";
    private const string NumaPolicy = "numa_affinity_policy";

    // Neutron keeps the profile in a column of this size.
    private const int ProfileLengthMax = 4095;

    private static readonly string[] Changeable =
    [
        "name", "description", MacAddress, "admin_state_up", "device_id", "device_owner",
        "binding:vnic_type", HostId, "binding:profile", NumaPolicy,
    ];

    private static readonly string[] NumaPolicies = ["required", "preferred", "socket", "legacy"];

    private static readonly string[] GivenOnce = ["network_id", "project_id", "tenant_id"];

    /// <summary>The network of a new port, whose request may have these attributes only.</summary>
    public static string NetworkOf(RequestBody body, JsonObject sample)
    {
        string[] writable = [.. Changeable, .. GivenOnce];
        body.Allow(writable, [.. sample.Select(a => a.Key).Except(writable)], isUpdate: false);
        body.Require("network_id");
        return body.Text("network_id", "");
    }

    public static void AllowUpdate(RequestBody body, JsonObject sample) =>
        body.Allow(Changeable, [.. sample.Select(a => a.Key).Except(Changeable)], isUpdate: true);

    /// <summary>The port's attributes and manual binding with those of the request over them.</summary>
    public static (PortAttributes Attributes, ManualBinding Binding) Apply(RequestBody body, Port port)
    {
        var old = port.Attributes;
        var attributes = new PortAttributes(
            body.Text("name", old.Name),
            body.Text("description", old.Description),
            Mac(body, old.MacAddress),
            body.Choice("binding:vnic_type", old.VnicType, VnicType.All),
            body.Text("device_id", old.DeviceId),
            body.Text("device_owner", old.DeviceOwner),
            body.Flag("admin_state_up", old.AdminStateUp),
            body.NullableChoice(NumaPolicy, old.NumaAffinityPolicy, NumaPolicies));
        var host = body.NullableText(HostId, port.Manual.HostId) ?? "";
        var profile = body.ObjectText("binding:profile", port.Manual.Profile, ProfileLengthMax);
        return (attributes, new(host, profile));
    }

    private static string Mac(RequestBody body, string otherwise)
    {
        if (!body.Has(MacAddress))
            return otherwise;
        var text = body.Text(MacAddress, otherwise).ToLowerInvariant();
        if (text.Count(c => c == ':') != 5 || !PhysicalAddress.TryParse(text, out _))
            body.Refuse($"Invalid input for {MacAddress}. Reason: '{text}' is not a valid MAC address.");
        return text;
    }
}
