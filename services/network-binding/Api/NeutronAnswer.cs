using System.Text.Json.Nodes;
using Platform.NetworkBinding.Domain;

namespace Platform.NetworkBinding.Api;

/// <summary>Answers as Neutron gives them.</summary>
internal static class NeutronAnswer
{
    public static IResult Error(Refusal refusal) => Results.Json(
        new JsonObject
        {
            ["NeutronError"] = new JsonObject
            {
                ["type"] = refusal.Type,
                ["message"] = refusal.Message,
                ["detail"] = "",
            },
        },
        statusCode: StatusOf(refusal.Type));

    public static IResult One(string name, JsonObject item, int status = StatusCodes.Status200OK) =>
        Results.Json(new JsonObject { [name] = item }, statusCode: status);

    private static int StatusOf(string type) => type switch
    {
        "PortNotFound" or "NetworkNotFound" => 404,
        "VlanIdInUse" or "FlatNetworkInUse" or "MacAddressInUse" => 409,
        "NetworkInUse" or "PortInUse" or "PortBound" => 409,
        "RevisionNumberConstraintFailed" => 412,
        "MacAddressGenerationFailure" => 503,
        _ => 400,
    };
}
