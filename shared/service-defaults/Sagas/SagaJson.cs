using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>How sagas and outbox messages are written: camelCase, enums by name.</summary>
internal static class SagaJson
{
    // Relaxed escaping, because a message's body is JSON inside JSON: every quote would become six
    // characters.
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public static TSaga Read<TSaga>(string data) where TSaga : class =>
        JsonSerializer.Deserialize<TSaga>(data, Options)
            ?? throw new JsonException($"A {typeof(TSaga).Name} row holds null where its state should be.");

    public static string Write<TSaga>(TSaga saga) where TSaga : class =>
        JsonSerializer.Serialize(saga, Options);
}
