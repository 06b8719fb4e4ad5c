using System.Diagnostics;
using MassTransit.Logging;
using MassTransit.Monitoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults;

/// <summary>
/// Traces and metrics, exported by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Registered
/// <c>BaseProcessor&lt;Activity&gt;</c> and <see cref="MetricReader"/> services are fed as well. With none of
/// them nothing is recorded, and recording costs nothing.
/// </summary>
internal static class Telemetry
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Sources =
    [
        DiagnosticHeaders.DefaultListenerName, "Npgsql", "Microsoft.AspNetCore", "System.Net.Http",
        "Platform.*",
    ];

    private static readonly string[] Meters =
    [
        InstrumentationOptions.MeterName, "Npgsql", "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Platform.*",
    ];

    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(provider => Start(provider, builder.Configuration, service));
        // First of all hosted services: what they do while starting is recorded, too.
        builder.Services.AddHostedService<Recording>();
    }

    private static OpenTelemetrySdk Start(
        IServiceProvider provider, IConfiguration configuration, string service)
    {
        var processors = provider.GetServices<BaseProcessor<Activity>>().ToList();
        var readers = provider.GetServices<MetricReader>().ToList();
        var export = !string.IsNullOrEmpty(configuration[OtlpEndpoint]);

        return OpenTelemetrySdk.Create(telemetry =>
        {
            telemetry.Services.AddSingleton(configuration);
            telemetry.ConfigureResource(
                resource => resource.AddService(service, serviceNamespace: "platform"));
            if (export || processors.Count > 0)
                telemetry.WithTracing(traces =>
                {
                    traces.AddSource(Sources);
                    processors.ForEach(processor => traces.AddProcessor(processor));
                });
            if (export || readers.Count > 0)
                telemetry.WithMetrics(metrics =>
                {
                    metrics.AddMeter(Meters);
                    readers.ForEach(reader => metrics.AddReader(reader));
                });
            if (export)
                telemetry.UseOtlpExporter();
        });
    }

    private sealed class Recording(OpenTelemetrySdk telemetry) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        // The last spans of a process are the ones that say why it ended.
        public Task StopAsync(CancellationToken cancellationToken)
        {
            telemetry.TracerProvider.ForceFlush((int)FlushLimit.TotalMilliseconds);
            telemetry.MeterProvider.ForceFlush((int)FlushLimit.TotalMilliseconds);
            return Task.CompletedTask;
        }

        private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);
    }
}
