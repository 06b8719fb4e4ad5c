using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.ServiceDefaults;
using Platform.Support;

namespace Platform.Integration.Tests.Hosting;

public class HealthTests(TestServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_does_not_answer_is_named_and_the_process_still_lives()
    {
        await using var host = await BusHost.Start(await servers.CreateVhost(Stop), Stop);
        using var http = new HttpClient { BaseAddress = new(host.Address) };

        var health = await http.GetAsync("/healthz", Stop);
        var report = await health.Content.ReadFromJsonAsync<JsonElement>(Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("unhealthy", report.GetProperty("database").GetString());
        Assert.Equal("healthy", report.GetProperty("bus").GetString());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz/live", Stop)).StatusCode);
    }

    [Fact]
    public async Task An_embedded_process_is_healthy_by_its_bus_alone()
    {
        await using var app = PlatformHost.Build(
            ["--Urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"],
            [new("restaurant", _ => { }, _ => { }, _ => { })]);
        await app.StartAsync(Stop);
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };

        var health = await http.GetAsync("/healthz", Stop);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        await app.StopAsync(Stop);
    }
}
