using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Platform.Scenarios.Tests;

/// <summary>A service of somebody else takes part, with a bare AMQP client, as the README says.</summary>
[Trait("servers", "RabbitMQ, PostgreSQL"), Trait("feature", "N1")]
public sealed class PlainJsonTests(PlainJsonWorld world) : IClassFixture<PlainJsonWorld>
{
    private const string Own = "cafe0000-0000-4000-8000-00000000cafe";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json", null)]
    [InlineData("application/json", "5f4fd0a5-1ea4-4d8b-9a0c-3fd3c1f9c001")]
    [InlineData("application/json", "mine-1")]
    [InlineData(null, null)]
    public async Task A_plain_JSON_request_boots_and_its_reservation_and_binding_are_seen(
        string? contentType, string? messageId)
    {
        var reserved = await world.Client.Listen(PlainJsonWorld.VfReserved, Stop);
        var succeeded = await world.Client.Listen(PlainJsonWorld.BootSucceeded, Stop);
        var (bootId, portId) = (Guid.NewGuid(), await world.CreatePort(Stop));

        await world.Request(
            PlainJsonWorld.BootBody(bootId, portId),
            new() { ContentType = contentType, MessageId = messageId },
            Stop);

        var reservation = await world.Client.Next(reserved, m => IsOf(bootId, m), Stop);
        var nic = reservation.GetProperty("nics")[0];
        var address = nic.GetProperty("function").GetProperty("address").GetString();
        var held = Assert.Single(await world.Held(bootId, Stop));
        Assert.Equal(held.GetProperty("address").GetString(), address);
        Assert.Equal(held.GetProperty("hostId").GetString(), reservation.GetProperty("hostId").GetString());
        Assert.Equal(portId, nic.GetProperty("portId").GetString());

        var success = await world.Client.Next(succeeded, m => IsOf(bootId, m), Stop);
        var profile = success.GetProperty("bindings")[0].GetProperty("profile");
        Assert.Equal(address, profile.GetProperty("pci_slot").GetString());
        Assert.Equal("physnet1", profile.GetProperty("physical_network").GetString());
        Assert.Equal("8086:154c", profile.GetProperty("pci_vendor_info").GetString());
        await world.StopBoot(bootId, Stop);
    }

    [Theory, InlineData(null), InlineData(Own), Trait("invariant", "2")]
    public async Task The_same_request_published_again_changes_nothing(string? messageId)
    {
        var succeeded = await world.Client.Listen(PlainJsonWorld.BootSucceeded, Stop);
        var rejected = await world.Client.Listen(PlainJsonWorld.BootRequestRejected, Stop);
        var bootId = Guid.NewGuid();
        var body = PlainJsonWorld.BootBody(bootId, await world.CreatePort(Stop));
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            MessageId = messageId is null ? null : $"{messageId}{bootId}",
        };

        await world.Request(body, properties, Stop);
        await world.Request(body, properties, Stop);
        await world.Client.Next(succeeded, m => IsOf(bootId, m), Stop);
        await world.Request(body, properties, Stop);
        await world.Request(body, new() { ContentType = "application/json", MessageId = "another id" }, Stop);

        await world.TheNextBootGoesThrough(Stop);
        Assert.Single(await world.Held(bootId, Stop));
        Assert.Equal("Running", (await world.Ended(bootId, Stop)).State);
        Assert.Equal(1u, await world.Client.Count(succeeded, Stop));
        Assert.Equal(0u, await world.Client.Count(rejected, Stop));
        await world.StopBoot(bootId, Stop);
    }

    [Fact]
    public async Task A_plain_JSON_stop_takes_everything_back()
    {
        var stopped = await world.Client.Listen(PlainJsonWorld.BootStopped, Stop);
        var (bootId, portId) = (Guid.NewGuid(), await world.CreatePort(Stop));
        await world.Request(PlainJsonWorld.BootBody(bootId, portId), new(), Stop);
        await world.Ended(bootId, Stop);

        await world.Client.Publish(
            PlainJsonWorld.StopRequested, "", Encoding.UTF8.GetBytes($$"""{"bootId": "{{bootId}}"}"""),
            new() { ContentType = "application/json" }, Stop);

        await world.Client.Next(stopped, m => IsOf(bootId, m), Stop);
        Assert.Empty(await world.Held(bootId, Stop));
    }

    private static bool IsOf(Guid bootId, JsonElement message) =>
        message.GetProperty("bootId").GetGuid() == bootId;
}
