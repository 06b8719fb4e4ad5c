using System.Globalization;
using Npgsql;
using Xunit;

namespace Platform.Support;

/// <summary>
/// The servers of a test assembly: one PostgreSQL and one RabbitMQ, each started when a test first asks for
/// it, and a fresh database or virtual host for each test. <c>PLATFORM_TEST_POSTGRES</c> and
/// <c>PLATFORM_TEST_RABBITMQ</c> name running servers instead; those are never stopped. Tests that kill
/// servers start their own.
/// </summary>
/// <remarks>A test project says <c>[assembly: AssemblyFixture(typeof(TestServers))]</c>.</remarks>
public sealed class TestServers : IAsyncLifetime
{
    private static readonly string? GivenPostgres = Setting("PLATFORM_TEST_POSTGRES");
    private static readonly string? GivenRabbitMq = Setting("PLATFORM_TEST_RABBITMQ");

    private readonly Lazy<Task<PrivatePostgres>> postgres =
        new(() => Task.Run(() => PrivatePostgres.StartAsync(CancellationToken.None)));

    private readonly Lazy<Task<PrivateRabbitMq>> rabbitMq =
        new(() => Task.Run(() => PrivateRabbitMq.StartAsync(CancellationToken.None)));

    private readonly string run = Random.Shared.Next(0x10000000).ToString("x7", CultureInfo.InvariantCulture);
    private int created;

    /// <summary>Whether a running server is named: tests that would kill it then have none.</summary>
    public static bool AreGiven => GivenPostgres is not null || GivenRabbitMq is not null;

    /// <summary>Starts both at once, when a test needs both.</summary>
    public Task StartBoth() => Task.WhenAll(
        GivenPostgres is null ? postgres.Value : Task.CompletedTask,
        GivenRabbitMq is null ? rabbitMq.Value : Task.CompletedTask);

    /// <summary>A fresh database; the answer is its Npgsql connection string.</summary>
    public async Task<string> CreateDatabase(CancellationToken stop)
    {
        var server = PostgresUrl.ToConnectionString(GivenPostgres ?? (await postgres.Value).ConnectionString);
        var name = NextName("test");
        await using var connection = new NpgsqlConnection($"{server};Pooling=false");
        await connection.OpenAsync(stop);
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync(stop);
        return new NpgsqlConnectionStringBuilder(server)
        {
            Database = name,
            MaxPoolSize = 50,
        }.ConnectionString;
    }

    /// <summary>
    /// A fresh virtual host; the answer is its <c>amqp://</c> URL. On a given server it is that of the given
    /// URL, shared by all tests: those who need it empty name their queues by themselves.
    /// </summary>
    public async Task<string> CreateVhost(CancellationToken stop) =>
        GivenRabbitMq ?? await (await rabbitMq.Value).CreateVhost(NextName("test"), stop);

    /// <summary>The broker closes all connections to a virtual host of its own making.</summary>
    public async Task CloseConnections(string vhostUrl, CancellationToken stop) =>
        await (await rabbitMq.Value).Control(
            ["close_all_connections", "--vhost", new Uri(vhostUrl).AbsolutePath[1..], "By a test."], stop);

    /// <summary>How many messages the broker has confirmed to their publishers since it started.</summary>
    public async Task<long> CountConfirmed(CancellationToken stop) =>
        await (await rabbitMq.Value).CountConfirmed(stop);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (postgres.IsValueCreated && postgres.Value.IsCompletedSuccessfully)
            await (await postgres.Value).DisposeAsync();
        if (rabbitMq.IsValueCreated && rabbitMq.Value.IsCompletedSuccessfully)
            await (await rabbitMq.Value).DisposeAsync();
    }

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private string NextName(string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}_{run}_{Interlocked.Increment(ref created)}");
}
