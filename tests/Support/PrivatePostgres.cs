using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Platform.Support;

/// <summary>
/// A PostgreSQL server of one's own on a free loopback port, which may be killed and started again on the
/// same port and data. Durability is at its defaults: what was committed before <see cref="Kill"/> is there
/// after it.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly Dictionary<string, string> NoEnvironment = [];

    private readonly string folder;
    private readonly string programs;
    private ServerProcess? server;

    private PrivatePostgres(string folder, string programs, int port) =>
        (this.folder, this.programs, Port) = (folder, programs, port);

    public int Port { get; }

    /// <summary>To the database <c>postgres</c>, as its superuser.</summary>
    public string ConnectionString => ConnectionTo("postgres");

    private string Data => Path.Combine(folder, "data");

    // The server refuses to run as root.
    private static string? ServerUser => Environment.UserName == "root" ? "postgres" : null;

    public static async Task<PrivatePostgres> StartAsync(CancellationToken stop)
    {
        var programs = FindPrograms();
        var postgres = new PrivatePostgres(TestFolder.Create("pg"), programs, FreePort.Next());
        try
        {
            await postgres.Initialize(stop);
            await postgres.Run(stop);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    public string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Database = database,
    }.ConnectionString;

    /// <summary>kill -9 of all its processes, as when the power fails.</summary>
    public void Kill() => server?.Kill();

    /// <summary>Starts it again on the same port and data; kills it first if it runs.</summary>
    public Task RestartAsync(CancellationToken stop)
    {
        Kill();
        return Run(stop);
    }

    public ValueTask DisposeAsync()
    {
        server?.Stop("QUIT");
        TestFolder.Remove(folder);
        return ValueTask.CompletedTask;
    }

    private static string FindPrograms()
    {
        const string installed = "/usr/lib/postgresql";
        var newest = Directory.Exists(installed)
            ? Directory.GetDirectories(installed)
                .Select(version => Path.Combine(version, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
                .MaxBy(bin => bin, StringComparer.Ordinal)
            : null;
        return newest ?? throw new InvalidOperationException(
            $"PostgreSQL is not installed: there is no {installed}/*/bin/initdb. Install the Debian package "
            + "postgresql-15, or name a running server in PLATFORM_TEST_POSTGRES.");
    }

    private async Task Initialize(CancellationToken stop)
    {
        if (ServerUser is { } user)
            using (var chown = Process.Start("chown", [user, folder]))
                await chown.WaitForExitAsync(stop);
        var initdb = ServerProcess.Start(
            folder,
            "initdb",
            $"'{programs}/initdb' -D '{Data}' -A trust -U postgres -E UTF8 --no-locale --no-sync",
            NoEnvironment,
            ServerUser);
        await Eventually.True("initdb is done", () => initdb.HasExited, stop, StartLimit);
        if (!File.Exists(Path.Combine(Data, "PG_VERSION")))
            throw new InvalidOperationException($"initdb failed. {initdb.LogTail}");
    }

    private async Task Run(CancellationToken stop)
    {
        var options = string.Create(CultureInfo.InvariantCulture,
            $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300");
        var started = server = ServerProcess.Start(
            folder, "postgres", $"'{programs}/postgres' -D '{Data}' {options}", NoEnvironment, ServerUser);
        await Eventually.True(
            $"PostgreSQL answers on port {Port}", () => Answers(started, stop), stop, StartLimit);
    }

    private async Task<bool> Answers(ServerProcess started, CancellationToken stop)
    {
        if (started.HasExited)
            throw new InvalidOperationException($"PostgreSQL ended instead of starting. {started.LogTail}");
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false;Timeout=5");
            await connection.OpenAsync(stop);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
