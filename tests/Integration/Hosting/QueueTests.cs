using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Support;

namespace Platform.Integration.Tests.Hosting;

public class QueueTests(TestServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("invariant", "2")]
    public async Task A_command_sent_before_its_consumer_ever_ran_waits_for_it()
    {
        var broker = await servers.CreateVhost(Stop);
        await using (var sender = BusHost.Build(broker, [], consumes: false))
        {
            await sender.StartAsync(Stop);
            var bus = sender.Services.GetRequiredService<IBus>();
            var queue = await bus.GetSendEndpoint(new("queue:ordered"));
            await queue.Send(new Ordered("soup", 1), Stop);
            await sender.StopAsync(Stop);
        }

        await using var host = await BusHost.Start(broker, Stop);

        await Eventually.True("the order was served", () => host.Kitchen.Served.Count == 1, Stop);
    }

    [Fact]
    [Trait("invariant", "2")]
    public async Task A_durable_endpoint_is_a_quorum_queue_and_a_temporary_one_is_not()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);
        var connector = host.Services.GetRequiredService<IReceiveEndpointConnector>();
        await connector.ConnectReceiveEndpoint("connected").Ready;
        await connector.ConnectReceiveEndpoint(new TemporaryEndpointDefinition("passing"), null).Ready;

        await IsQuorum(host, "ordered");
        await IsQuorum(host, "connected");
    }

    // The broker accepts a second declaration only when it says the same as the first.
    private static async Task IsQuorum(BusHost host, string queue)
    {
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await using var channel = await host.Connection.CreateChannelAsync(cancellationToken: Stop);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, quorum, cancellationToken: Stop);
    }
}
