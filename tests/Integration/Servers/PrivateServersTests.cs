using Npgsql;
using Platform.Support;
using RabbitMQ.Client;

namespace Platform.Integration.Servers;

/// <summary>The servers that the other tests kill keep what they acknowledged.</summary>
public sealed class PrivateServersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("invariant", "2")]
    public async Task PostgreSQL_killed_and_started_again_has_what_was_committed()
    {
        await using var server = await PrivatePostgres.StartAsync(Stop);
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);
        await Execute(database, "create table kept (value int); insert into kept values (1)");

        server.Kill();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Execute(database, "select 1"));
        await server.RestartAsync(Stop);

        await using var command = database.CreateCommand("select value from kept");
        Assert.Equal(1, await command.ExecuteScalarAsync(Stop));
    }

    [Fact, Trait("invariant", "2")]
    public async Task RabbitMQ_killed_and_started_again_has_its_durable_queues_and_hosts()
    {
        await using var server = await PrivateRabbitMq.StartAsync(Stop);
        var factory = new ConnectionFactory
        {
            Uri = new Uri(await server.CreateVhost("kept", Stop)),
            AutomaticRecoveryEnabled = false,
        };
        await using (var connection = await factory.CreateConnectionAsync(Stop))
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Stop))
            await channel.QueueDeclareAsync(
                "kept", durable: true, exclusive: false, autoDelete: false, cancellationToken: Stop);

        await server.FlushDefinitions(Stop);
        server.Kill();
        await Assert.ThrowsAnyAsync<Exception>(() => factory.CreateConnectionAsync(Stop));
        await server.RestartAsync(Stop);

        await using var again = await factory.CreateConnectionAsync(Stop);
        await using var reader = await again.CreateChannelAsync(cancellationToken: Stop);
        Assert.Equal("kept", (await reader.QueueDeclarePassiveAsync("kept", Stop)).QueueName);
    }

    private static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
