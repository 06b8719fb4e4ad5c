using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts.NetworkBinding;
using Platform.NetworkBinding.Domain;
using Platform.NetworkBinding.Storage;

namespace Platform.NetworkBinding;

/// <summary>A port's binding, as Neutron shows it and as our peers get it.</summary>
internal static class BoundPort
{
    private const string Unbound = "unbound";

    public static PortBinding ForPeers(PortView view) => new(
        view.Id,
        view.Port.Attributes.VnicType,
        view.Port.Attributes.MacAddress,
        VifType(view.Port),
        Details(view.Port).ToDictionary(d => d.Key, d => Text(d.Value!), StringComparer.Ordinal),
        Profile(view.Port));

    public static string VifType(Port port) =>
        port.HostId.Length == 0 ? Unbound : VnicType.VifType(port.Attributes.VnicType);

    /// <summary>As recorded from a Neutron: <c>vlan</c> is a string, and <c>"0"</c> without one.</summary>
    public static JsonObject Details(Port port) => port.HostId.Length == 0
        ? []
        : new()
        {
            ["port_filter"] = false,
            ["connectivity"] = "l2",
            ["vlan"] = (port.Segment.VlanId ?? 0).ToString(CultureInfo.InvariantCulture),
        };

    public static JsonNode ProfileJson(Port port) => port.Claim == null
        ? JsonNode.Parse(port.Manual.Profile)!
        : JsonSerializer.SerializeToNode(Profile(port)) ?? new JsonObject();

    private static BindingProfile? Profile(Port port)
    {
        if (port.Claim?.Function is not { } function)
            return null;
        var isVf = function.DeviceType == VnicType.DeviceType(VnicType.Direct);
        return new(
            $"{function.VendorId}:{function.ProductId}",
            function.Address,
            port.PhysicalNetwork,
            PfMacAddress: isVf ? function.PfMacAddress : null,
            VfNum: isVf ? function.VfIndex : null,
            CardSerialNumber: isVf ? function.CardSerialNumber : null,
            DeviceMacAddress: isVf ? null : function.PfMacAddress);
    }

    private static string Text(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
}
