using System.Net.Sockets;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults;
using Platform.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Integration.Tests.Hosting;

public class RetryTests(TestServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_always_fails_is_tried_a_few_times_and_kept_with_the_reason()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);
        host.Kitchen.Cook = _ => throw new InvalidOperationException("No gas.");

        await host.Services.GetRequiredService<IBus>().Publish(new Ordered("soup", 1), Stop);

        var failed = await PlainJsonTests.Next(host, "ordered_error");
        Assert.Equal("No gas.", PlainJsonTests.Header(failed, "MT-Fault-Message"));
        Assert.Equal(new BusOptions().Tries, host.Kitchen.Tries);
    }

    [Fact]
    public async Task A_message_that_fails_for_a_while_is_consumed()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);
        host.Kitchen.Cook = attempt => _ = attempt < 6 ? throw new InvalidOperationException("No gas.") : 0;

        await host.Services.GetRequiredService<IBus>().Publish(new Ordered("soup", 1), Stop);

        await Eventually.True("the order was served", () => host.Kitchen.Served.Count == 1, Stop);
    }

    [Fact]
    public async Task A_server_that_is_away_does_not_eat_the_tries_of_a_message()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);
        host.Kitchen.Cook = attempt => _ = attempt switch
        {
            < 4 or > 40 and < 45 => throw new InvalidOperationException("No gas."),
            <= 40 => throw new Npgsql.NpgsqlException("No database.", new SocketException(111)),
            _ => 0,
        };

        await host.Services.GetRequiredService<IBus>().Publish(new Ordered("soup", 1), Stop);

        await Eventually.True("the order was served", () => host.Kitchen.Served.Count == 1, Stop);
        Assert.Equal(45, host.Kitchen.Tries);
    }

    [Fact]
    public async Task A_process_that_stops_while_a_server_is_away_leaves_the_message_in_its_queue()
    {
        var broker = await servers.CreateVhost(Stop);
        await using (var host = await BusHost.Start(
            broker, Stop, "--Bus:OutageDelay=00:00:01", "--Bus:OutageLimit=00:05:00"))
        {
            host.Kitchen.Cook = _ => throw new SocketException(111);
            await host.Services.GetRequiredService<IBus>().Publish(new Ordered("soup", 1), Stop);
            await Eventually.True("the order was tried", () => host.Kitchen.Tries > 0, Stop);
        }

        await using var next = await BusHost.Start(broker, Stop);

        await Eventually.True("the order was served", () => next.Kitchen.Served.Count == 1, Stop);
    }

    [Fact]
    public async Task A_message_that_waits_in_vain_again_and_again_is_kept_with_the_reason()
    {
        await using var host = await BusHost.Start(
            await servers.CreateVhost(Stop), Stop, "--Bus:OutageLimit=00:00:00.100");
        host.Kitchen.Cook = _ => throw new TaskCanceledException("No answer.");

        await host.Services.GetRequiredService<IBus>().Publish(new Ordered("soup", 1), Stop);

        var failed = await PlainJsonTests.Next(host, "ordered_error");
        Assert.Contains("canceled by the consumer", PlainJsonTests.Header(failed, "MT-Fault-Message"));
        Assert.Equal(11, host.Kitchen.Tries);
    }

    [Fact]
    public async Task A_consumer_that_does_not_return_keeps_no_dead_connection_alive()
    {
        Assert.SkipWhen(TestServers.AreGiven, "It closes connections, and those of a given server stay.");
        var broker = await servers.CreateVhost(Stop);
        await using var host = await BusHost.Start(broker, Stop);
        var forEver = new TaskCompletionSource();
        host.Kitchen.Simmer = attempt => attempt == 1 ? forEver.Task : Task.CompletedTask;
        await host.Services.GetRequiredService<IBus>().Publish(new Ordered("soup", 1), Stop);
        await Eventually.True("the order was tried", () => host.Kitchen.Tries > 0, Stop);

        await servers.CloseConnections(broker, Stop);

        // Less than the 20 s after which MassTransit gives up a consumer that holds its connection.
        await Eventually.True(
            "the order was served", () => host.Kitchen.Served.Count == 1, Stop, TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData(320, true)]
    [InlineData(403, false)]
    public void A_broker_that_closes_is_away_and_one_that_refuses_is_not(ushort code, bool away) =>
        Assert.Equal(
            away,
            Outage.Is(new OperationInterruptedException(new(ShutdownInitiator.Peer, code, "Said so."))));
}
