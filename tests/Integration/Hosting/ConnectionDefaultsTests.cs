using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.ServiceDefaults;

namespace Platform.Integration.Tests.Hosting;

/// <summary>What a connection costs is decided once for all services; what a user says goes before.</summary>
public class ConnectionDefaultsTests
{
    private const string Postgres = "Host=127.0.0.1;Username=u;Database=d";

    [Fact]
    public async Task Statements_are_prepared_and_connections_not_reset_unless_told_otherwise()
    {
        var silent = await Used(Postgres);
        var told = await Used($"{Postgres};Max Auto Prepare=7;No Reset On Close=false;Maximum Pool Size=3");

        Assert.True(silent.MaxAutoPrepare > 0);
        Assert.True(silent.NoResetOnClose);
        Assert.Equal((7, false, 3), (told.MaxAutoPrepare, told.NoResetOnClose, told.MaxPoolSize));
    }

    private static async Task<NpgsqlConnectionStringBuilder> Used(string given)
    {
        Dictionary<string, string?> settings = new()
        {
            ["ConnectionStrings:Postgres"] = given,
            ["ConnectionStrings:RabbitMq"] = "amqp://guest:guest@127.0.0.1:1/",
        };
        await using var app = PlatformHost.Build(
            [], [], builder => builder.Configuration.AddInMemoryCollection(settings));
        return new(app.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
    }
}
