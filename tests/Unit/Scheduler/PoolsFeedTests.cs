using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Scheduler.Domain;
using Platform.Scheduler.Placement;
using Platform.Support;

namespace Platform.Unit.Tests.Scheduler;

public sealed class PoolsFeedTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact, Trait("invariant", "10")]
    public async Task An_inventory_that_took_the_question_and_never_answered_is_asked_again()
    {
        var stop = TestContext.Current.CancellationToken;
        var hosts = new HostIndex();
        using var feed = FeedOf(hosts, new SilentAtFirst());

        await feed.StartAsync(stop);
        await feed.Ready(null!);

        await hosts.Loaded.WaitAsync(Limit, stop);
        await feed.StopAsync(stop);
    }

    [Fact, Trait("invariant", "10")]
    public async Task A_queue_that_is_bound_again_brings_what_was_missed_meanwhile()
    {
        var stop = TestContext.Current.CancellationToken;
        var hosts = new HostIndex();
        var inventory = new Answering("[]");
        using var feed = FeedOf(hosts, inventory);
        await feed.StartAsync(stop);
        await feed.Ready(null!);
        await hosts.Loaded.WaitAsync(Limit, stop);
        Assert.IsType<Choice.NoHost>(hosts.Choose(Wishes.For(), Untried));

        inventory.Answer = """[{ "hostId": "a", "version": 1, "online": true, "pools": [] }]""";
        await feed.Ready(null!);

        await Eventually.True("a is known", () => hosts.Choose(Wishes.For(), Untried) is Choice.Chosen, stop);
        await feed.StopAsync(stop);
    }

    [Fact, Trait("feature", "U21"), Trait("invariant", "10")]
    public async Task Hosts_count_as_they_come_and_an_answer_that_breaks_off_is_asked_again()
    {
        var stop = TestContext.Current.CancellationToken;
        var hosts = new HostIndex();
        var inventory = new Answering("""[{ "hostId": "a", "version": 1, "online": true, "pools": [] }, """);
        using var feed = FeedOf(hosts, inventory);
        await feed.StartAsync(stop);
        await feed.Ready(null!);

        await Eventually.True("a is known", () => hosts.Choose(Wishes.For(), Untried) is Choice.Chosen, stop);
        Assert.False(hosts.Loaded.IsCompleted);

        inventory.Answer = "[]";
        await hosts.Loaded.WaitAsync(Limit, stop);
        await feed.StopAsync(stop);
    }

    private static readonly Dictionary<string, Refusal> Untried = [];

    private static PoolsFeed FeedOf(HostIndex hosts, IHttpClientFactory inventory)
    {
        var settings = new Dictionary<string, string?> { ["Services:inventory"] = "http://inventory" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new(hosts, new(configuration, null!, []), inventory, NullLogger<PoolsFeed>.Instance);
    }

    private sealed class Answering(string answer) : HttpMessageHandler, IHttpClientFactory
    {
        public string Answer { get; set; } = answer;

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(Answer, null, "application/json"),
            });
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
