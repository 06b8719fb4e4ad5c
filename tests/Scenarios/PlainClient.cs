using System.Text.Json;
using Platform.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Scenarios.Tests;

/// <summary>A service that is none of ours: an AMQP client, and nothing of MassTransit.</summary>
internal sealed class PlainClient : IAsyncDisposable
{
    private readonly ConnectionFactory factory;
    private readonly IConnection connection;
    private readonly IChannel channel;

    private PlainClient(ConnectionFactory factory, IConnection connection, IChannel channel) =>
        (this.factory, this.connection, this.channel) = (factory, connection, channel);

    public static async Task<PlainClient> Connect(string broker, CancellationToken stop)
    {
        var factory = new ConnectionFactory { Uri = new(broker) };
        var connection = await factory.CreateConnectionAsync(stop);
        return new(factory, connection, await connection.CreateChannelAsync(
            new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), stop));
    }

    /// <summary>Returns when the broker has it in a queue; throws when no queue is bound.</summary>
    public async Task Publish(
        string exchange, string routingKey, ReadOnlyMemory<byte> body, BasicProperties properties,
        CancellationToken stop) =>
        await channel.BasicPublishAsync(exchange, routingKey, mandatory: true, properties, body, stop);

    /// <summary>A queue of its own that gets what is published to an exchange.</summary>
    public async Task<string> Listen(string exchange, CancellationToken stop)
    {
        var queue = await channel.QueueDeclareAsync(cancellationToken: stop);
        await channel.QueueBindAsync(queue.QueueName, exchange, "", cancellationToken: stop);
        return queue.QueueName;
    }

    /// <summary>The next in its own queue of which this holds; the others are thrown away.</summary>
    public async Task<JsonElement> Next(string queue, Func<JsonElement, bool> isIt, CancellationToken stop)
    {
        JsonElement message = default;
        await Eventually.True($"the message is in {queue}", async () =>
        {
            if (await channel.BasicGetAsync(queue, autoAck: true, stop) is not { } taken)
                return false;
            message = JsonElement.Parse(taken.Body.Span).GetProperty("message");
            return isIt(message);
        }, stop);
        return message;
    }

    /// <summary>What a service set aside, of which this holds; the others are thrown away.</summary>
    public async Task<BasicGetResult> SetAside(
        string queue, Func<BasicGetResult, bool> isIt, CancellationToken stop)
    {
        BasicGetResult? taken = null;
        await Eventually.True(
            $"the message is in {queue}",
            async () => (taken = await TryGet(queue, stop)) is not null && isIt(taken),
            stop);
        return taken!;
    }

    /// <summary>How many messages are in a queue.</summary>
    public Task<uint> Count(string queue, CancellationToken stop) => channel.MessageCountAsync(queue, stop);

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    // The queue is made with its first message; who asks before, or while it is made, loses the connection.
    private async Task<BasicGetResult?> TryGet(string queue, CancellationToken stop)
    {
        await using var own = await factory.CreateConnectionAsync(stop);
        await using var asking = await own.CreateChannelAsync(cancellationToken: stop);
        try
        {
            return await asking.BasicGetAsync(queue, autoAck: true, stop);
        }
        catch (OperationInterruptedException)
        {
            return null;
        }
    }
}
