using System.Text;

namespace Platform.Scenarios.Tests;

/// <summary>A span as it left its process.</summary>
/// <param name="Service">The resource's <c>service.name</c>.</param>
/// <param name="Source">The activity source.</param>
internal sealed record ExportedSpan(
    string Service,
    string Source,
    string Name,
    string TraceId,
    string Id,
    string ParentId,
    IReadOnlyDictionary<string, string> Tags);

/// <summary>Reads OTLP's ExportTraceServiceRequest, as far as tests look at it.</summary>
internal static class OtlpTraces
{
    // Field numbers, as OpenTelemetry's trace.proto, resource.proto and common.proto give them.
    private const int ResourceSpans = 1, Resource = 1, ResourceAttributes = 1;
    private const int ScopeSpans = 2, Scope = 1, ScopeName = 1, Spans = 2;
    private const int TraceId = 1, SpanId = 2, ParentSpanId = 4, SpanName = 5, SpanAttributes = 9;
    private const int Key = 1, Value = 2, StringValue = 1;

    public static IReadOnlyList<ExportedSpan> Read(ReadOnlyMemory<byte> request) =>
    [
        .. from byResource in Fields(request, ResourceSpans)
           let resource = Tags(Fields(byResource, Resource).Single(), ResourceAttributes)
           from byScope in Fields(byResource, ScopeSpans)
           let source = Text(Fields(byScope, Scope).Single(), ScopeName)
           from span in Fields(byScope, Spans)
           select new ExportedSpan(
               resource["service.name"],
               source,
               Text(span, SpanName),
               Hex(span, TraceId),
               Hex(span, SpanId),
               Hex(span, ParentSpanId),
               Tags(span, SpanAttributes)),
    ];

    private static Dictionary<string, string> Tags(ReadOnlyMemory<byte> message, int field) =>
        Fields(message, field).ToDictionary(
            tag => Text(tag, Key),
            tag => Fields(tag, Value).Select(value => Text(value, StringValue)).FirstOrDefault(""));

    private static string Text(ReadOnlyMemory<byte> message, int field) =>
        Fields(message, field).Select(text => Encoding.UTF8.GetString(text.Span)).FirstOrDefault("");

    private static string Hex(ReadOnlyMemory<byte> message, int field) =>
        Fields(message, field).Select(id => Convert.ToHexStringLower(id.Span)).FirstOrDefault("");

    // Protocol Buffers: those of a message's fields that have this number and a length.
    private static IEnumerable<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var wireType = tag & 7;
            if (wireType == 0)
            {
                Varint(message, ref at);
                continue;
            }

            var length = wireType switch
            {
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                _ => throw new InvalidDataException($"Wire type {wireType} at byte {at} is none of OTLP's."),
            };
            if (wireType == 2 && tag >> 3 == number)
                yield return message.Slice(at, length);
            at += length;
        }
    }

    private static long Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var next = message.Span[at++];
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
