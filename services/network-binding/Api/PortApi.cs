using System.Globalization;
using System.Text.Json.Nodes;
using Platform.NetworkBinding.Domain;
using Platform.NetworkBinding.Storage;

namespace Platform.NetworkBinding.Api;

/// <summary>Neutron's ports, with the binding attributes.</summary>
internal static class PortApi
{
    private const string OwnerOfBoots = "compute:platform";
    private const string RevisionGuard = "revision_number=";

    private static readonly JsonObject Sample = Show(new("", Port.None));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v2.0/ports", Create);
        routes.MapGet("/v2.0/ports", List);
        routes.MapGet("/v2.0/ports/{id}", Get);
        routes.MapPut("/v2.0/ports/{id}", Update);
        routes.MapDelete("/v2.0/ports/{id}", Delete);
    }

    private static async Task<IResult> Create(
        HttpRequest request, Ports ports, NetworkBindingOptions options, CancellationToken stop)
    {
        var body = await RequestBody.Read(request, "port", stop);
        var networkId = PortRequest.NetworkOf(body, Sample);
        var project = body.Text("project_id", body.Text("tenant_id", options.DefaultProjectId));
        var (attributes, binding) = PortRequest.Apply(body, Port.None);
        if (body.Refused != null)
            return NeutronAnswer.Error(body.Refused);

        var (refused, made) = await ports.Create(networkId, project, attributes, binding, stop);
        return refused == null
            ? NeutronAnswer.One("port", Show(made!), StatusCodes.Status201Created)
            : NeutronAnswer.Error(refused);
    }

    private static async Task<IResult> List(HttpRequest request, Ports ports, CancellationToken stop) =>
        Listing.Answer("ports", (await ports.All(stop)).Select(Show), Sample, request);

    private static async Task<IResult> Get(
        string id, HttpRequest request, Ports ports, CancellationToken stop) =>
        await ports.Find(id, stop) is { } found
            ? NeutronAnswer.One("port", Listing.Fields(Show(found), request.Query))
            : NeutronAnswer.Error(Refusal.PortNotFound(id));

    private static async Task<IResult> Update(
        string id, HttpRequest request, Ports ports, CancellationToken stop)
    {
        var body = await RequestBody.Read(request, "port", stop);
        PortRequest.AllowUpdate(body, Sample);
        PortRequest.Apply(body, Port.None);
        if (body.Refused != null)
            return NeutronAnswer.Error(body.Refused);

        var (refused, port) = await ports.Update(
            id, RevisionOf(request), current => PortRequest.Apply(body, current), stop);
        return refused == null ? NeutronAnswer.One("port", Show(port!)) : NeutronAnswer.Error(refused);
    }

    private static async Task<IResult> Delete(
        string id, HttpRequest request, Ports ports, CancellationToken stop) =>
        await ports.Delete(id, RevisionOf(request), stop) is { } refused
            ? NeutronAnswer.Error(refused)
            : Results.NoContent();

    // Neutron ignores a guard that it cannot read, and so do we.
    private static int? RevisionOf(HttpRequest request)
    {
        var guard = request.Headers.IfMatch.ToString();
        return guard.StartsWith(RevisionGuard, StringComparison.Ordinal)
            && int.TryParse(guard[RevisionGuard.Length..], CultureInfo.InvariantCulture, out var revision)
            ? revision
            : null;
    }

    private static JsonObject Show(PortView view)
    {
        var (port, attributes) = (view.Port, view.Port.Attributes);
        var shown = new JsonObject
        {
            ["id"] = view.Id,
            ["name"] = attributes.Name,
            ["network_id"] = port.NetworkId,
            ["tenant_id"] = port.ProjectId,
            ["mac_address"] = attributes.MacAddress,
            ["admin_state_up"] = attributes.AdminStateUp,
            ["status"] = StatusOf(port),
            ["device_id"] = port.Claim?.VmId ?? attributes.DeviceId,
            ["device_owner"] = port.Claim == null ? attributes.DeviceOwner : OwnerOfBoots,
            ["fixed_ips"] = new JsonArray(),
            ["project_id"] = port.ProjectId,
            ["port_security_enabled"] = true,
            ["security_groups"] = new JsonArray(),
            ["binding:vnic_type"] = attributes.VnicType,
            ["binding:profile"] = BoundPort.ProfileJson(port),
            ["binding:host_id"] = port.HostId,
            ["binding:vif_type"] = BoundPort.VifType(port),
            ["binding:vif_details"] = BoundPort.Details(port),
            ["allowed_address_pairs"] = new JsonArray(),
            ["extra_dhcp_opts"] = new JsonArray(),
            ["description"] = attributes.Description,
            ["tags"] = new JsonArray(),
            ["created_at"] = NetworkApi.Time(port.CreatedAt),
            ["updated_at"] = NetworkApi.Time(port.UpdatedAt),
            ["revision_number"] = port.Revision,
        };
        // Of an extension that not every Neutron has.
        if (attributes.NumaAffinityPolicy is { } policy)
            shown["numa_affinity_policy"] = policy;
        return shown;
    }

    // A port bound by hand waits for an agent that is not ours to say ACTIVE; a PF has none, as in Neutron.
    private static string StatusOf(Port port) =>
        port.Attributes.AdminStateUp
        && (port.Claim != null
            || (port.HostId.Length > 0 && port.Attributes.VnicType == VnicType.DirectPhysical))
            ? "ACTIVE"
            : "DOWN";
}
