using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Inventory;
using Platform.ServiceDefaults;
using Platform.Support;

namespace Platform.Integration.Tests.Hosting;

public class DistributedTests(TestServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_on_real_servers_makes_its_tables_and_is_healthy()
    {
        await servers.StartBoth();
        var database = await servers.CreateDatabase(Stop);
        await using var app = PlatformHost.Build(
            [
                "--Urls=http://127.0.0.1:0", $"--ConnectionStrings:Postgres={database}",
                $"--ConnectionStrings:RabbitMq={await servers.CreateVhost(Stop)}",
                "--Logging:LogLevel:Default=Error",
            ],
            [InventoryService.Module]);
        await app.StartAsync(Stop);
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz", Stop)).StatusCode);

        await using var count = app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "select count(*) from pg_stat_activity where application_name = 'inventory'");
        Assert.True((long)(await count.ExecuteScalarAsync(Stop))! > 0);
        await app.StopAsync(Stop);
    }
}
