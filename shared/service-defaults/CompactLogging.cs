using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Platform.ServiceDefaults;

/// <summary>One line an event, on the console, in UTC.</summary>
internal static class CompactLogging
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";
    private const string Host = "Microsoft.Extensions.Hosting.Internal.Host";

    public static void AddCompactLogging(this IHostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        // A start that fails is said once, by PlatformHost.Run; these two would say it again, with a stack
        // trace.
        builder.Logging.AddFilter<ConsoleLoggerProvider>(Host, level => level >= LogLevel.Critical);
        builder.Logging.AddFilter<ConsoleLoggerProvider>(
            Kestrel, level => level is LogLevel.Warning or LogLevel.Error);
    }
}
