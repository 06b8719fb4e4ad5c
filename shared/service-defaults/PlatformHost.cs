using System.Net.Sockets;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Platform.ServiceDefaults;

/// <summary>What every service has and none should repeat: configuration, bus, telemetry, health.</summary>
public static class PlatformHost
{
    private const string ManyModules = "platform";
    private const int Refused = 1;

    /// <summary>What the configuration does not say. Any source of it goes before these.</summary>
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Urls"] = "http://127.0.0.1:8080",
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:System.Net.Http"] = "Warning",
        ["Logging:LogLevel:MassTransit"] = "Warning",
        ["Logging:LogLevel:MassTransit.ReceiveTransport"] = "Error",
        ["Logging:LogLevel:Npgsql"] = "Warning",
    };

    /// <summary>
    /// Runs modules until stopped. A wrong setting is one line on standard error, and exit code 1.
    /// </summary>
    public static Task<int> Run(string[] args, ServiceModule module) => Run(args, [module]);

    /// <inheritdoc cref="Run(string[], ServiceModule)"/>
    public static async Task<int> Run(
        string[] args, IReadOnlyList<ServiceModule> modules, Action<WebApplicationBuilder>? configure = null)
    {
        try
        {
            await using var app = Build(args, modules, configure);
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (Exception error) when (Refusal(error) is { } refusal)
        {
            await Console.Error.WriteLineAsync($"{NameOf(modules)}: {refusal}");
            return Refused;
        }
    }

    /// <summary>Builds the host of some modules, for <see cref="Run"/> and for tests.</summary>
    public static WebApplication Build(
        string[] args, IReadOnlyList<ServiceModule> modules, Action<WebApplicationBuilder>? configure = null)
    {
        var service = NameOf(modules);
        var builder = WebApplication.CreateBuilder(args);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        configure?.Invoke(builder);

        var connections = Connections.Read(builder.Configuration, service);
        ServiceAddresses.Check(builder.Configuration, modules);
        builder.Services.AddSingleton(connections);
        builder.Services.TryAddSingleton(TimeProvider.System);
        if (connections.Postgres is { } postgres)
            builder.Services.AddSingleton(provider => DataSource(postgres, provider));

        builder.AddCompactLogging();
        builder.AddTelemetry(service);
        builder.AddHealth(connections);
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(modules);
        builder.Services.AddSingleton<ServiceAddresses>();

        foreach (var module in modules)
            module.Services(builder);
        var limits = builder.AddSettings<BusOptions>(BusOptions.Section, BusOptions.Refuse);
        builder.Services.AddBus(service, connections, limits, modules);

        var app = builder.Build();
        // Kept statically by MassTransit: without this, the second host of a process logs to the first one's
        // end.
        LogContext.ConfigureCurrentLogContext(app.Services.GetRequiredService<ILoggerFactory>());
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapHealth();
        foreach (var module in modules)
            module.Endpoints(app);
        return app;
    }

    private static string NameOf(IReadOnlyList<ServiceModule> modules) =>
        modules is [var only] ? only.Name : ManyModules;

    private static NpgsqlDataSource DataSource(string connection, IServiceProvider provider) =>
        new NpgsqlDataSourceBuilder(connection)
            .UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>())
            .Build();

    // What a user can put right is a line; anything else is a bug, and keeps its stack trace.
    private static string? Refusal(Exception error) => error switch
    {
        SettingRefusedException => error.Message,
        OptionsValidationException options => options.Failures.First(),
        ConfigurationException => error.Message,
        FormatException when error.Message.StartsWith("Invalid url", StringComparison.Ordinal) =>
            $"{error.Message}: set Urls to an address such as http://127.0.0.1:8080.",
        IOException { InnerException: AddressInUseException } =>
            $"{error.Message} Stop the process that listens there, or set Urls to another address.",
        SocketException => $"{error.Message}: set Urls to an address of this machine.",
        PostgresException postgres when !Outage.Is(postgres) =>
            $"PostgreSQL refused ConnectionStrings:Postgres: {postgres.MessageText} ({postgres.SqlState}).",
        _ => null,
    };
}
