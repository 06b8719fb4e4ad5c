using System.Diagnostics.CodeAnalysis;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Platform.ServiceDefaults;

/// <summary>A plain JSON body, read as one message type after another that its endpoint consumes.</summary>
internal sealed class PlainJsonContext(
    JsonSerializerOptions options, MessageContext message, string[] messageTypes, JsonElement body)
    : SystemTextJsonRawSerializerContext(
        SystemTextJsonMessageSerializer.Instance, options, SystemTextJsonRawMessageSerializer.JsonContentType,
        message, messageTypes, CopyNothing, body)
{
    /// <summary>A stranger's headers are not passed on with our messages.</summary>
    public const RawSerializerOptions CopyNothing = 0;

    public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
        where T : class
    {
        try
        {
            return base.TryGetMessage(out message);
        }
        catch (JsonException error)
        {
            // Not as the cause: the error queue's reason is the message of the innermost exception.
            throw new SerializationException($"The body is no {typeof(T).Name}: {error.Message}");
        }
    }
}
