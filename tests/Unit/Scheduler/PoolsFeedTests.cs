using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Scheduler.Placement;

namespace Platform.Unit.Tests.Scheduler;

public sealed class PoolsFeedTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact, Trait("invariant", "10")]
    public async Task An_inventory_that_took_the_question_and_never_answered_is_asked_again()
    {
        var stop = TestContext.Current.CancellationToken;
        var settings = new Dictionary<string, string?> { ["Services:inventory"] = "http://inventory" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var hosts = new HostIndex();
        using var feed = new PoolsFeed(
            hosts, new(configuration, null!, []), new SilentAtFirst(), NullLogger<PoolsFeed>.Instance);

        await feed.StartAsync(stop);
        await feed.Ready(null!);

        await hosts.Loaded.WaitAsync(Limit, stop);
        await feed.StopAsync(stop);
    }

    /// <summary>Gives what HttpClient gives when its timeout passes; then a snapshot.</summary>
    private sealed class SilentAtFirst : HttpMessageHandler, IHttpClientFactory
    {
        private int asked;

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref asked) == 1
                ? throw new TaskCanceledException("The request was canceled due to the timeout.")
                : Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent("[]", null, "application/json"),
                });
    }
}
