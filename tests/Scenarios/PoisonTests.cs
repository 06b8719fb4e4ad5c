using System.Text;
using System.Text.Json;
using Platform.Contracts.HostAgent;
using RabbitMQ.Client;

namespace Platform.Scenarios.Tests;

/// <summary>
/// What no consumer can read ends where an operator finds it, with the reason; nothing of it is done, and the
/// consumers live on.
/// </summary>
[Trait("servers", "RabbitMQ, PostgreSQL")]
public sealed class PoisonTests(PlainJsonWorld world) : IClassFixture<PlainJsonWorld>
{
    private const string Json = "application/json";
    private const string Envelope = "application/vnd.masstransit+json";
    private const string Agent = "host-agent-host-0";
    private const int Huge = 5 * 1024 * 1024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Bodies of a boot request, and a word of the reason that must be given.</summary>
    public static TheoryData<string, string> Unreadable => new()
    {
        { "{\"bootId\": ", "no JSON" },
        { "", "no JSON" },
        { "null", "no JSON object" },
        { "<5 MB>", "no JSON" },
        { Boot("\"not-a-uuid\"", "[]"), "bootId" },
        { Boot("7", "[]"), "bootId" },
        { Boot("\"00000000-0000-0000-0000-000000000000\"", "[]"), "all zeros" },
        { """{"vmId": "vm", "projectId": "p", "nics": []}""", "bootId" },
        { Boot("\"$id\"", "\"many\""), "nics" },
        { Boot("\"$id\"", "[\"port\"]"), "nics[0]" },
        { Boot("\"$id\"", "[{\"portId\": 7}]"), "portId" },
        { Boot("\"$id\"", "null"), "nics" },
    };

    [Theory, MemberData(nameof(Unreadable))]
    public async Task A_request_that_cannot_be_read_is_kept_with_the_reason(string body, string reason)
    {
        var bootId = Guid.NewGuid();
        var bytes = Bytes(body.Replace("$id", $"{bootId}", StringComparison.Ordinal));

        await Request(bytes);

        var kept = await Kept("boot_error", bytes);
        Assert.Contains(reason, Header(kept, "MT-Fault-Message"), StringComparison.OrdinalIgnoreCase);
        Assert.False(await world.IsKnown(bootId, Stop));
        Assert.False(await world.IsKnown(Guid.Empty, Stop));
        await world.TheNextBootGoesThrough(Stop);
    }

    /// <summary>Queues, with each of what nobody should send there.</summary>
    public static TheoryData<string, string, string, string> Misdirected()
    {
        var cases = new TheoryData<string, string, string, string>();
        foreach (var queue in new[] { "boot", "claim-devices", "release-devices", "vf-reserved", Agent })
        {
            cases.Add(queue, "{", Json, "names no message");
            cases.Add(queue, "", Json, "names no message");
            cases.Add(queue, "<5 MB>", Json, "names no message");
            cases.Add(queue, "{}", "neither one nor the other", "names no message");
            cases.Add(queue, "{", Envelope, "JSON");
        }
        return cases;
    }

    [Theory, MemberData(nameof(Misdirected))]
    public async Task What_a_queue_cannot_read_is_kept_with_the_reason(
        string queue, string body, string contentType, string reason)
    {
        var bytes = Bytes(body);

        await world.Client.Publish("", queue, bytes, new() { ContentType = contentType }, Stop);

        var kept = await Kept($"{queue}_error", bytes);
        Assert.Contains(reason, Header(kept, "MT-Fault-Message"), StringComparison.Ordinal);
        await world.TheNextBootGoesThrough(Stop);
    }

    [Theory, InlineData("boot"), InlineData("claim-devices"), InlineData(Agent)]
    public async Task An_envelope_of_an_unknown_type_is_set_aside(string queue)
    {
        var bytes = Bytes("""{"messageType": ["urn:message:Elsewhere:Unknown"], "message": {"a": 1}}""");

        await world.Client.Publish("", queue, bytes, new() { ContentType = Envelope }, Stop);

        Assert.NotEmpty(Header(await Kept($"{queue}_skipped", bytes), "MT-Reason"));
        await world.TheNextBootGoesThrough(Stop);
    }

    /// <summary>Commands by the header of their type, straight to their queue.</summary>
    [Theory]
    [InlineData(Agent, nameof(PlugVfs), """{"bootId": "nobody"}""", "bootId")]
    [InlineData(Agent, nameof(CleanDevices), """{"hostId": "host-0", "claimId": []}""", "claimId")]
    [InlineData(Agent, nameof(AdmitAgent), "{}", "hostId")]
    public async Task A_command_of_the_wrong_shape_is_kept_with_the_reason(
        string queue, string command, string body, string reason)
    {
        var bytes = Bytes(body);
        var type = $"urn:message:Platform.Contracts.HostAgent:{command}";

        await world.Client.Publish("", queue, bytes, new()
        {
            ContentType = Json,
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = type },
        }, Stop);

        var kept = await Kept($"{queue}_error", bytes);
        Assert.Contains(reason, Header(kept, "MT-Fault-Message"), StringComparison.Ordinal);
        await world.TheNextBootGoesThrough(Stop);
    }

    [Fact]
    public async Task A_request_with_a_NIC_that_is_null_fails_and_all_boots_are_still_listed()
    {
        var failed = await world.Client.Listen(PlainJsonWorld.BootFailed, Stop);
        var bootId = Guid.NewGuid();

        await Request(Bytes(Boot($"\"{bootId}\"", "[null]")));

        var failure = await Failure(failed, bootId);
        Assert.Contains("NIC 0", failure.GetProperty("reason").GetString());
        Assert.Contains(
            await world.Api.Get<List<JsonElement>>("api/boots", Stop),
            boot => boot.GetProperty("bootId").GetGuid() == bootId);
    }

    [Theory, InlineData("vmId"), InlineData("portId")]
    public async Task A_request_with_a_huge_name_fails_and_says_so(string field)
    {
        var failed = await world.Client.Listen(PlainJsonWorld.BootFailed, Stop);
        var bootId = Guid.NewGuid();
        var huge = new string('x', Huge);
        var (vmId, portId) = field == "vmId" ? (huge, "port") : ("vm", huge);

        await Request(Bytes($$"""
            {"bootId": "{{bootId}}", "vmId": "{{vmId}}", "projectId": "p", "nics": [{"portId": "{{portId}}"}]}
            """));

        var failure = await Failure(failed, bootId);
        Assert.Equal("invalid-request", failure.GetProperty("code").GetString());
        Assert.Contains($"{Huge}", failure.GetProperty("reason").GetString());
        Assert.InRange(failure.GetRawText().Length, 0, 2_000);
        await world.TheNextBootGoesThrough(Stop);
    }

    private Task<JsonElement> Failure(string queue, Guid bootId) =>
        world.Client.Next(queue, message => message.GetProperty("bootId").GetGuid() == bootId, Stop);

    private Task Request(byte[] body) => world.Client.Publish(
        PlainJsonWorld.BootRequested, "", body, new() { ContentType = Json }, Stop);

    private static string Boot(string bootId, string nics) =>
        $$"""{"bootId": {{bootId}}, "vmId": "vm", "projectId": "p", "nics": {{nics}}}""";

    private static byte[] Bytes(string body) =>
        body == "<5 MB>" ? Encoding.UTF8.GetBytes(new string('x', Huge)) : Encoding.UTF8.GetBytes(body);

    private Task<BasicGetResult> Kept(string queue, byte[] body) =>
        world.Client.SetAside(queue, kept => kept.Body.Span.SequenceEqual(body), Stop);

    private static string Header(BasicGetResult message, string name) =>
        Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![name]!);
}
