using System.Text;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Integration.Tests.Hosting;

public class PlainJsonTests(TestServers servers)
{
    private const string Soup = """{"dish":"soup","portions":2,"cutlery":"spoon"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData(null)]
    public async Task A_bare_json_body_is_read_as_the_message_its_exchange_is_named_after(string? contentType)
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);

        await host.Publish(Soup, new() { ContentType = contentType }, Stop);

        var (order, id) = await Served(host);
        Assert.Equal(new("soup", 2), order);
        Assert.NotNull(id);
    }

    [Fact]
    public async Task The_same_body_without_an_id_has_the_same_id_again_and_another_body_another()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);

        await host.Publish(Soup, new(), Stop);
        await host.Publish(Soup, new(), Stop);
        await host.Publish(Soup.Replace('2', '3'), new(), Stop);

        await Eventually.True("three orders were served", () => host.Kitchen.Served.Count == 3, Stop);
        var ids = host.Kitchen.Served.ToLookup(served => served.Order.Portions, served => served.MessageId);
        Assert.Single(ids[2].Distinct());
        Assert.DoesNotContain(ids[3].Single(), ids[2]);
    }

    [Fact]
    public async Task An_id_that_was_given_is_kept()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);

        await host.Publish(Soup, new() { MessageId = "5f4fd0a5-1ea4-4d8b-9a0c-3fd3c1f9c001" }, Stop);

        Assert.Equal(Guid.Parse("5f4fd0a5-1ea4-4d8b-9a0c-3fd3c1f9c001"), (await Served(host)).MessageId);
    }

    [Fact]
    public async Task An_enveloped_message_is_read_beside_it()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);

        await host.Services.GetRequiredService<IBus>().Publish(new Ordered("stew", 1), Stop);

        Assert.Equal(new("stew", 1), (await Served(host)).Order);
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("""{"dish":"soup"}""", "portions")]
    [InlineData("""{"dish":null,"portions":1}""", "dish")]
    [InlineData("""{"dish":"soup","portions":"many"}""", "portions")]
    public async Task A_body_that_cannot_be_read_is_kept_with_the_reason_and_the_consumer_lives_on(
        string body, string reason)
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);

        await host.Publish(body, new() { ContentType = "application/json" }, Stop);
        await host.Publish(Soup, new() { ContentType = "application/json" }, Stop);

        var failed = await Next(host, "ordered_error");
        Assert.Equal(body, Encoding.UTF8.GetString(failed.Body.Span));
        Assert.Contains(reason, Header(failed, "MT-Fault-Message"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(new("soup", 2), (await Served(host)).Order);
    }

    [Fact]
    public async Task A_failed_message_moved_back_from_the_error_queue_is_read_again()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop, "--Bus:Tries=2");
        host.Kitchen.Cook = attempt => _ = attempt <= 2 ? throw new InvalidOperationException("No gas.") : 0;
        await host.Publish(Soup, new() { ContentType = "application/json" }, Stop);
        var failed = await Next(host, "ordered_error");

        await host.Client.BasicPublishAsync(
            "", "ordered", true, new BasicProperties(failed.BasicProperties), failed.Body, Stop);

        Assert.Equal(new("soup", 2), (await Served(host)).Order);
    }

    private static async Task<(Ordered Order, Guid? MessageId)> Served(BusHost host)
    {
        await Eventually.True("an order was served", () => !host.Kitchen.Served.IsEmpty, Stop);
        return host.Kitchen.Served.First();
    }

    internal static async Task<BasicGetResult> Next(BusHost host, string queue)
    {
        BasicGetResult? next = null;
        await Eventually.True($"a message is in {queue}", async () =>
        {
            try
            {
                // A connection a try: the broker closes one that asks for a queue without a leader yet.
                await using var connection = await host.Connect(Stop);
                await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
                return (next = await channel.BasicGetAsync(queue, autoAck: true, Stop)) is not null;
            }
            catch (OperationInterruptedException)
            {
                return false;
            }
        }, Stop);
        return next!;
    }

    internal static string Header(BasicGetResult message, string name) =>
        Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![name]!);
}
