using Npgsql;

namespace Platform.Support;

/// <summary>Reads <c>postgres://user:password@host:port/database</c> as well as Npgsql's own form.</summary>
public static class PostgresUrl
{
    public static string ToConnectionString(string given)
    {
        if (!given.StartsWith("postgres://", StringComparison.Ordinal)
            && !given.StartsWith("postgresql://", StringComparison.Ordinal))
            return given;
        var url = new Uri(given);
        var login = url.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.Port > 0 ? url.Port : 5432,
            Username = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            Database = url.AbsolutePath.Trim('/') is { Length: > 0 } database ? database : "postgres",
        }.ConnectionString;
    }
}
