using Platform.Gateway.Api;
using Platform.Gateway.Owners;
using Platform.ServiceDefaults;

namespace Platform.Gateway;

/// <summary>
/// What the gateway is made of. It owns nothing: it publishes what is asked, and asks the owners.
/// </summary>
public static class GatewayService
{
    public static readonly ServiceModule Module = new(
        "gateway",
        builder =>
        {
            builder.Services.AddHttpClient();
            builder.Services.AddSingleton<OwnersClient>();
            builder.Services.AddSingleton<AcceptedBoots>();
            builder.Services.AddOpenApi();
            builder.Services.AddExceptionHandler<OwnerUnreachableHandler>();
        },
        _ => { },
        routes =>
        {
            routes.MapOpenApi("/api/openapi.json");
            var api = routes.MapGroup("/api");
            BootApi.Map(api);
            FleetApi.Map(api);
        })
    {
        Asks = ["inventory", "scheduler"],
    };
}
