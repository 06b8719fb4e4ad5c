using System.Globalization;
using System.Text.Json.Nodes;
using Platform.NetworkBinding.Domain;
using Platform.NetworkBinding.Storage;

namespace Platform.NetworkBinding.Api;

/// <summary>Neutron's networks, as far as ports need them.</summary>
internal static class NetworkApi
{
    private const string Type = "provider:network_type";
    private const string PhysicalNetwork = "provider:physical_network";
    private const string SegmentationId = "provider:segmentation_id";

    private static readonly string[] Writable =
    [
        "name", "description", "project_id", "tenant_id", "admin_state_up",
        Type, PhysicalNetwork, SegmentationId,
    ];

    private static readonly JsonObject Sample = Show(new("", Network.None));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v2.0/networks", Create);
        routes.MapGet("/v2.0/networks", List);
        routes.MapGet("/v2.0/networks/{id}", Get);
        routes.MapDelete("/v2.0/networks/{id}", Delete);
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static async Task<IResult> Create(
        HttpRequest request, Networks networks, NetworkBindingOptions options, CancellationToken stop)
    {
        var body = await RequestBody.Read(request, "network", stop);
        body.Allow(Writable, [.. Sample.Select(a => a.Key).Except(Writable)], isUpdate: false);
        var name = body.Text("name", "");
        var description = body.Text("description", "");
        var project = body.Text("project_id", body.Text("tenant_id", options.DefaultProjectId));
        var isUp = body.Flag("admin_state_up", true);
        var segment = new Segment(
            body.Text(Type, Segment.Local),
            body.NullableText(PhysicalNetwork, null),
            body.Number(SegmentationId));
        if ((body.Refused ?? SegmentRules.Check(segment, options.PhysicalNetworks)) is { } refused)
            return NeutronAnswer.Error(refused);

        var (inUse, made) = await networks.Create(
            now => new(name, description, project, isUp, segment, now), stop);
        return inUse == null
            ? NeutronAnswer.One("network", Show(made!), StatusCodes.Status201Created)
            : NeutronAnswer.Error(inUse);
    }

    private static async Task<IResult> List(HttpRequest request, Networks networks, CancellationToken stop) =>
        Listing.Answer("networks", (await networks.All(stop)).Select(Show), Sample, request);

    private static async Task<IResult> Get(
        string id, HttpRequest request, Networks networks, CancellationToken stop) =>
        await networks.Find(id, stop) is { } found
            ? NeutronAnswer.One("network", Listing.Fields(Show(found), request.Query))
            : NeutronAnswer.Error(Refusal.NetworkNotFound(id));

    private static async Task<IResult> Delete(string id, Networks networks, CancellationToken stop) =>
        await networks.Delete(id, stop) is { } refused ? NeutronAnswer.Error(refused) : Results.NoContent();

    private static JsonObject Show(NetworkView view) => new()
    {
        ["id"] = view.Id,
        ["name"] = view.Network.Name,
        ["tenant_id"] = view.Network.ProjectId,
        ["admin_state_up"] = view.Network.AdminStateUp,
        ["mtu"] = 1500,
        ["status"] = "ACTIVE",
        ["subnets"] = new JsonArray(),
        ["shared"] = false,
        ["project_id"] = view.Network.ProjectId,
        ["port_security_enabled"] = true,
        ["router:external"] = false,
        [Type] = view.Network.Segment.Type,
        [PhysicalNetwork] = view.Network.Segment.PhysicalNetwork,
        [SegmentationId] = view.Network.Segment.SegmentationId,
        ["availability_zone_hints"] = new JsonArray(),
        ["availability_zones"] = new JsonArray(),
        ["ipv4_address_scope"] = null,
        ["ipv6_address_scope"] = null,
        ["description"] = view.Network.Description,
        ["tags"] = new JsonArray(),
        ["created_at"] = Time(view.Network.CreatedAt),
        ["updated_at"] = Time(view.Network.CreatedAt),
        ["revision_number"] = 1,
    };
}
