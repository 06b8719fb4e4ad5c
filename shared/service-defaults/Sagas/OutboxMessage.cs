using System.Text.Json;
using MassTransit;
using MassTransit.Context;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// A message a saga sent, as the outbox keeps it: the serialised body and everything of the envelope that
/// must survive (ids, addresses, headers with the trace context, transport properties, expiry).
/// </summary>
public sealed record OutboxMessage
{
    public required Guid MessageId { get; init; }
    public required Uri DestinationAddress { get; init; }
    public required string ContentType { get; init; }
    public required string MessageType { get; init; }
    public required string Body { get; init; }
    public string? Headers { get; init; }
    public string? Properties { get; init; }
    public Guid? RequestId { get; init; }
    public Guid? CorrelationId { get; init; }
    public Guid? ConversationId { get; init; }
    public Guid? InitiatorId { get; init; }
    public Uri? SourceAddress { get; init; }
    public Uri? ResponseAddress { get; init; }
    public Uri? FaultAddress { get; init; }
    public DateTime SentTime { get; init; }
    public DateTime? ExpirationTime { get; init; }

    private static IObjectDeserializer Dictionaries => SystemTextJsonMessageSerializer.Instance;

    public static OutboxMessage From<T>(SendContext<T> context, DateTimeOffset now) where T : class
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        if (context is TransportSendContext transport)
            transport.WritePropertiesTo(properties);
        return new OutboxMessage
        {
            MessageId = context.MessageId
                ?? throw new MessageException(typeof(T), "The outbox keeps no message without an id."),
            DestinationAddress = context.DestinationAddress
                ?? throw new MessageException(typeof(T), "The outbox keeps no message without an address."),
            ContentType = (context.ContentType ?? context.Serialization.DefaultContentType).ToString(),
            MessageType = string.Join(';', context.SupportedMessageTypes),
            Body = context.Serializer.GetMessageBody(context).GetString(),
            Headers = Dictionaries.SerializeDictionary(context.Headers.GetAll()),
            Properties = Dictionaries.SerializeDictionary(properties),
            RequestId = context.RequestId,
            CorrelationId = context.CorrelationId,
            ConversationId = context.ConversationId,
            InitiatorId = context.InitiatorId,
            SourceAddress = context.SourceAddress,
            ResponseAddress = context.ResponseAddress,
            FaultAddress = context.FaultAddress,
            SentTime = context.SentTime ?? now.UtcDateTime,
            ExpirationTime = context.TimeToLive is { } life ? now.UtcDateTime + life : null,
        };
    }

    public static OutboxMessage FromJson(string json) =>
        JsonSerializer.Deserialize<OutboxMessage>(json, SagaJson.Options)
            ?? throw new JsonException("An outbox row holds null where a message's envelope should be.");

    public string ToJson() => JsonSerializer.Serialize(this, SagaJson.Options);

    /// <summary>The form in which MassTransit's outbox pipe sends it on.</summary>
    public OutboxMessageContext ToContext() => new Stored(this);

    private sealed class Stored(OutboxMessage message) : OutboxMessageContext
    {
        public long SequenceNumber => 0;
        public Guid MessageId => message.MessageId;
        public string ContentType => message.ContentType;
        public string MessageType => message.MessageType;
        public string Body => message.Body;
        public Uri? SourceAddress => message.SourceAddress;
        public Uri? DestinationAddress => message.DestinationAddress;
        public Uri? ResponseAddress => message.ResponseAddress;
        public Uri? FaultAddress => message.FaultAddress;
        public DateTime? ExpirationTime => message.ExpirationTime;
        public DateTime? SentTime => message.SentTime;
        public Guid? RequestId => message.RequestId;
        public Guid? CorrelationId => message.CorrelationId;
        public Guid? ConversationId => message.ConversationId;
        public Guid? InitiatorId => message.InitiatorId;
        public HostInfo Host => HostMetadataCache.Host;
        Guid? MessageContext.MessageId => message.MessageId;

        public Headers Headers { get; } =
            Dictionaries.DeserializeDictionary<object?>(message.Headers) is { } headers
                ? new DictionarySendHeaders(headers!)
                : EmptyHeaders.Instance;

        public IReadOnlyDictionary<string, object> Properties { get; } =
            Dictionaries.DeserializeDictionary<object>(message.Properties) ?? [];
    }
}
