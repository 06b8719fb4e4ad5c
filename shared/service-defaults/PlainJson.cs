using System.Net.Mime;
using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MassTransit;
using MassTransit.Serialization;

namespace Platform.ServiceDefaults;

/// <summary>
/// Lets any AMQP client speak to the services: a bare JSON body, published to the exchange named after its
/// message, as <c>Platform.Contracts.Scheduler:BootRequested</c>. MassTransit's own messages, in their
/// envelopes, pass beside it.
/// </summary>
internal sealed class PlainJson : IMessageDeserializer, ISerializerFactory
{
    private const string FaultedMessageType = "MT-Fault-MessageType";

    private static readonly JsonSerializerOptions Strict = StrictReading();

    public ContentType ContentType => SystemTextJsonRawMessageSerializer.JsonContentType;

    public ConsumeContext Deserialize(ReceiveContext receiveContext)
    {
        var broker = receiveContext.GetPayload<RabbitMqBasicConsumeContext>();
        var body = receiveContext.GetBody();
        var message = new Identified(
            receiveContext.TransportHeaders, receiveContext.InputAddress, IdOf(broker, body));

        return new BodyConsumeContext(receiveContext, new PlainJsonContext(
            Strict, message, TypesOf(broker, receiveContext.TransportHeaders), Parse(body)));
    }

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        new PlainJsonContext(
            Strict, new RawMessageContext(headers, destinationAddress, PlainJsonContext.CopyNothing),
            headers.GetMessageTypes(), Parse(body.GetBytes()));

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("plainJson");

    public IMessageSerializer CreateSerializer() => new SystemTextJsonRawMessageSerializer();

    public IMessageDeserializer CreateDeserializer() => this;

    private static JsonElement Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body) is { RootElement.ValueKind: JsonValueKind.Object } document
                ? document.RootElement
                : throw new SerializationException(
                    "The body is no JSON object: send the message's fields as one.");
        }
        catch (JsonException error)
        {
            // Not as the cause: the error queue's reason is the message of the innermost exception.
            throw new SerializationException($"The body is no JSON: {error.Message}");
        }
    }

    // A message moved back from an error queue comes by the queue's name; MassTransit noted its type when it
    // failed.
    private static string[] TypesOf(RabbitMqBasicConsumeContext broker, Headers headers)
    {
        if (headers.GetMessageTypes() is { Length: > 0 } named)
            return named;
        if (broker.Exchange.Contains(':', StringComparison.Ordinal))
            return [$"urn:message:{broker.Exchange}"];
        if (headers.Get<string>(FaultedMessageType) is { } failed
            && failed.LastIndexOf('.') is > 0 and var dot)
            return [$"urn:message:{failed[..dot]}:{failed[(dot + 1)..]}"];

        throw new SerializationException(
            $"A plain JSON message came by the exchange \"{broker.Exchange}\", which names no message: "
            + $"publish it to the one named after its type, or name it in "
            + $"the header {MessageHeaders.MessageType}.");
    }

    // The inbox tells a second delivery by the message's id, so the same message must get the same one again.
    private static Guid IdOf(RabbitMqBasicConsumeContext broker, byte[] body)
    {
        var given = broker.Properties.MessageId;
        if (Guid.TryParse(given, out var id))
            return id;

        var identity = string.IsNullOrEmpty(given) ? body : Encoding.UTF8.GetBytes(given);
        var digest = SHA256.HashData([.. Encoding.UTF8.GetBytes(broker.Exchange), 0, .. identity]);
        return new(digest.AsSpan(0, 16));
    }

    // MassTransit's envelopes carry what a peer of ours wrote; a plain body is anyone's, so what a message
    // cannot do without must be in it.
    private static JsonSerializerOptions StrictReading()
    {
        var options = new JsonSerializerOptions(SystemTextJsonMessageSerializer.Options)
        {
            RespectNullableAnnotations = true,
        };
        options.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(type =>
        {
            foreach (var property in type.Properties)
            {
                if (property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false })
                    property.IsRequired = true;
            }
        });
        return options;
    }

    private sealed class Identified(Headers headers, Uri destination, Guid id)
        : RawMessageContext(headers, destination, PlainJsonContext.CopyNothing), MessageContext
    {
        Guid? MessageContext.MessageId => id;
    }
}
