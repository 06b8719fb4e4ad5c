using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Platform.ServiceDefaults;

/// <summary>
/// The two servers of the distributed mode. Neither set: embedded, everything in this process and nothing
/// kept. One alone is a mistake and refused, because a half-durable system loses what it acknowledged.
/// </summary>
/// <param name="RabbitMq">Where the bus is; null when embedded.</param>
/// <param name="Postgres">A complete Npgsql connection string; null when embedded.</param>
public sealed record Connections(Uri? RabbitMq, string? Postgres)
{
    private const string RabbitMqKey = "RabbitMq";
    private const string PostgresKey = "Postgres";
    private const int PoolMax = 30;
    private const int PreparedStatementsMax = 100;

    public bool Embedded => RabbitMq is null;

    /// <summary>
    /// Reads both connection strings. What is wrong with one is said without repeating the secret in it.
    /// </summary>
    public static Connections Read(IConfiguration configuration, string service)
    {
        var rabbitMq = configuration.GetConnectionString(RabbitMqKey);
        var postgres = configuration.GetConnectionString(PostgresKey);

        if (string.IsNullOrWhiteSpace(rabbitMq) != string.IsNullOrWhiteSpace(postgres))
        {
            var (given, missing) = string.IsNullOrWhiteSpace(postgres)
                ? (RabbitMqKey, PostgresKey)
                : (PostgresKey, RabbitMqKey);
            throw new SettingRefusedException(
                $"ConnectionStrings:{given} is set and ConnectionStrings:{missing} is not: "
                + "set both (distributed), or neither (embedded).");
        }

        return string.IsNullOrWhiteSpace(rabbitMq)
            ? new(null, null)
            : new(BrokerAddress(rabbitMq), DatabaseAddress(postgres!, service));
    }

    private static Uri BrokerAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme is "amqp" or "amqps" && address.Host.Length > 0
            ? address
            : throw new SettingRefusedException(
                $"ConnectionStrings:{RabbitMqKey} is no AMQP address: "
                + "give one such as amqp://user:password@127.0.0.1:5672/vhost.");

    private static string DatabaseAddress(string text, string service)
    {
        try
        {
            var parts = text.StartsWith("postgres://", StringComparison.Ordinal)
                || text.StartsWith("postgresql://", StringComparison.Ordinal)
                    ? FromUrl(new Uri(text))
                    : new NpgsqlConnectionStringBuilder(text);
            return WithDefaults(parts, service);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new SettingRefusedException(
                $"ConnectionStrings:{PostgresKey} is no PostgreSQL address: give one such as "
                + "postgres://user:password@127.0.0.1:5432/database, or "
                + "Host=127.0.0.1;Username=user;Database=database.");
        }
    }

    private static NpgsqlConnectionStringBuilder FromUrl(Uri url)
    {
        var user = url.UserInfo.Split(':', 2);
        var parts = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.IsDefaultPort || url.Port < 0 ? NpgsqlConnection.DefaultPort : url.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
        };

        foreach (var option in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = option.Split('=', 2) is [var name, var given] ? (name, given) : (option, "");
            parts[key == "sslmode" ? "SSL Mode" : Uri.UnescapeDataString(key)] =
                Uri.UnescapeDataString(value);
        }

        return parts;
    }

    // ContainsKey is true of every key that there is, given or not.
    private static bool Says(NpgsqlConnectionStringBuilder parts, string key) =>
        parts.Keys.OfType<string>().Contains(key, StringComparer.OrdinalIgnoreCase);

    // What the connection string itself says goes before these.
    private static string WithDefaults(NpgsqlConnectionStringBuilder parts, string service)
    {
        if (string.IsNullOrEmpty(parts.Host))
            throw new ArgumentException("No host.");
        if (!Says(parts, "Max Auto Prepare"))
            parts.MaxAutoPrepare = PreparedStatementsMax;
        if (!Says(parts, "Maximum Pool Size"))
            parts.MaxPoolSize = PoolMax;
        // Nothing here outlives its transaction but advisory locks, which are given back by name: a reset
        // would be one more statement for each use of a connection.
        if (!Says(parts, "No Reset On Close"))
            parts.NoResetOnClose = true;
        if (string.IsNullOrEmpty(parts.ApplicationName))
            parts.ApplicationName = service;
        return parts.ConnectionString;
    }
}
