using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Platform.ServiceDefaults;

/// <summary>
/// <c>/healthz</c>: whether the process can do its work, by bus and database. <c>/healthz/live</c>: whether
/// it runs.
/// </summary>
internal static class Health
{
    private const string Database = "database";
    private const string BusTag = "masstransit";
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(2);

    public static void AddHealth(this IHostApplicationBuilder builder, Connections connections)
    {
        var checks = builder.Services.AddHealthChecks();
        if (!connections.Embedded)
            checks.AddCheck<DatabaseAnswers>(Database, timeout: CheckLimit);
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz", new HealthCheckOptions { ResponseWriter = Write });
        app.MapHealthChecks(
            "/healthz/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write });
    }

    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            Status = Word(report.Status),
            Bus = WorstOf(report, check => check.Tags.Contains(BusTag)),
            Database = WorstOf(report, check => !check.Tags.Contains(BusTag)),
        });

    private static string? WorstOf(HealthReport report, Func<HealthReportEntry, bool> among) =>
        report.Entries.Values.Where(among).Select(check => check.Status).Order().Cast<HealthStatus?>()
            .FirstOrDefault() is { } worst ? Word(worst) : null;

    private static string Word(HealthStatus status) => status.ToString().ToLowerInvariant();

    private sealed class DatabaseAnswers(NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var ask = database.CreateCommand("select 1");
            await ask.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
