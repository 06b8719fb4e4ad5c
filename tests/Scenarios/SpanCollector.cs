using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>Where processes export to, by OTLP over HTTP: keeps spans, drops metrics.</summary>
internal sealed class SpanCollector : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<ExportedSpan> spans = [];
    private readonly WebApplication app;

    private SpanCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/v1/traces", Receive);
        app.MapPost("/v1/metrics", () => Results.Ok());
    }

    public Uri Address => new(app.Urls.First());

    public static async Task<SpanCollector> Start(CancellationToken stop)
    {
        var collector = new SpanCollector();
        await collector.app.StartAsync(stop);
        return collector;
    }

    /// <summary>
    /// The spans of a trace, once it is whole; when that takes too long, those that came.
    /// </summary>
    public async Task<IReadOnlyList<ExportedSpan>> Of(
        ActivityTraceId trace, Func<IReadOnlyList<ExportedSpan>, bool> isWhole, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            List<ExportedSpan> found = [.. spans.Where(span => span.TraceId == trace.ToHexString())];
            if (isWhole(found) || watch.Elapsed > Eventually.Limit)
                return found;
            await Task.Delay(Pause, stop);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> Receive(HttpRequest request, CancellationToken stop)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, stop);
        foreach (var span in OtlpTraces.Read(body.ToArray()))
            spans.Enqueue(span);
        return Results.Ok();
    }
}
