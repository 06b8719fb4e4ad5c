using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>The device spec of a host changes while machines run, seen through the API.</summary>
public sealed class DeviceSpecReloadTests
{
    private const string Setting = "HostAgent:DeviceSpec:0";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("feature", "A20"), Trait("feature", "AX22"), Trait("feature", "B20")]
    public async Task A_function_that_the_spec_drops_stays_with_its_machine_and_goes_when_it_is_freed()
    {
        await using var world = await World.Start(
            null,
            new Dictionary<string, string?>(World.Hosts(count: 1, vfs: 2))
            {
                [Setting] = Spec("*"),
                ["HostAgent:HeartbeatInterval"] = "00:00:00.2",
            },
            Stop);
        await world.Api.HostsOnline(1, Stop);
        var network = await world.Api.CreateNetwork("net", "physnet1", 100, Stop);
        var bootId = await world.Api.Boot("vm-1", [await world.Api.CreatePort(network, Stop)], Stop);
        Assert.Equal("Running", (await world.Api.Ended(bootId, Stop)).State);
        var (held, free) = (await Only(world, "held"), await Only(world, "free"));
        Assert.NotEqual(JsonValueKind.Null, held.GetProperty("iommuGroup").ValueKind);

        world.Services.GetRequiredService<IConfiguration>()[Setting] = Spec(Function(free));
        await Eventually.True(
            "the held function is offered no more",
            async () => (await Devices(world)).Exists(it => State(it) == "held-withdrawn"), Stop);
        var kept = await Only(world, "held-withdrawn");
        Assert.Equal(
            (Address(held), bootId), (Address(kept), kept.GetProperty("bootId").GetGuid()));
        // Told as a change; or by a full report, when the change was overtaken by what came after it.
        Assert.Contains("device spec does not cover it", kept.GetProperty("reason").GetString());

        await world.Api.Stop(bootId, Stop);
        await Eventually.True(
            "it is gone for good",
            async () => (await Devices(world)).ConvertAll(Address) is [var left] && left == Address(free),
            Stop);
    }

    private static string Spec(string function) =>
        $$"""{"address": "*:*:*.{{function}}", "product_id": "154c", "physical_network": "physnet1"}""";

    private static string Function(JsonElement device) => Address(device)[^1..];

    private static string Address(JsonElement device) => device.GetProperty("address").GetString()!;

    private static string State(JsonElement device) => device.GetProperty("state").GetString()!;

    private static async Task<JsonElement> Only(World world, string state) =>
        (await Devices(world)).Single(device => State(device) == state);

    private static Task<List<JsonElement>> Devices(World world) =>
        world.Api.Get<List<JsonElement>>("api/devices", Stop);
}
