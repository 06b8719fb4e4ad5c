using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Inventory;
using Platform.Pci;
using Platform.Scheduler.Domain;
using Platform.Scheduler.Placement;
using Platform.ServiceDefaults;

namespace Platform.Unit.Tests.Scheduler;

public sealed class HostIndexTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, Refusal> Untried = [];

    [Fact, Trait("invariant", "10")]
    public void A_lower_version_changes_nothing()
    {
        var hosts = new HostIndex();
        hosts.Apply(Pools("a", version: 7, free: 2));

        hosts.Apply(Pools("a", version: 6, free: 0));

        Assert.Equal(new Choice.Chosen("a", 7), hosts.Choose(Wishes.For(Vf()), Untried));
    }

    [Fact, Trait("invariant", "10")]
    public void In_whatever_order_changes_come_the_newest_stands()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var changes = Enumerable.Range(1, 6)
                .Select(version => Pools("a", version, free: random.Next(3), online: random.Next(3) > 0))
                .ToArray();
            var (inOrder, shuffled) = (new HostIndex(), new HostIndex());
            Array.ForEach(changes, inOrder.Apply);
            random.Shuffle(changes);
            Array.ForEach(changes, shuffled.Apply);

            var (expected, chosen) =
            (inOrder.Choose(Wishes.For(Vf()), Untried), shuffled.Choose(Wishes.For(Vf()), Untried));
            Assert.Equivalent(expected, chosen, strict: true);
        }
    }

    [Fact]
    public void What_was_chosen_is_assumed_taken_until_the_host_says_what_is_true()
    {
        var hosts = new HostIndex();
        hosts.Apply(Pools("a", version: 1, free: 3));
        hosts.Apply(Pools("b", version: 1, free: 2));

        var chosen = Enumerable.Range(0, 3)
            .Select(_ => HostOf(hosts.Choose(Wishes.For(Vf()), Untried))).ToList();
        hosts.Apply(Pools("a", version: 2, free: 3));

        Assert.Equal(["a", "a", "b"], chosen);
        Assert.Equal("a", HostOf(hosts.Choose(Wishes.For(Vf()), Untried)));
    }

    [Fact, Trait("invariant", "10")]
    public async Task A_boot_waits_in_its_queue_until_the_hosts_were_heard_of()
    {
        var stop = TestContext.Current.CancellationToken;
        var (hosts, heard) = (new HostIndex(), new Heard());
        await using var app = Queues(hosts, heard);
        await app.StartAsync(stop);
        var bus = app.Services.GetRequiredService<IBus>();
        await (await bus.GetSendEndpoint(new($"queue:{HostsGate.Queue}"))).Send(new Asked(), stop);
        await (await bus.GetSendEndpoint(new("queue:another"))).Send(new Asked(), stop);
        await heard.Elsewhere.Task.WaitAsync(Limit, stop);
        Assert.False(heard.AtTheGate.Task.IsCompleted);

        hosts.MarkLoaded();

        await heard.AtTheGate.Task.WaitAsync(Limit, stop);
    }

    private static WebApplication Queues(HostIndex hosts, Heard heard) => PlatformHost.Build(
        ["--Urls=http://127.0.0.1:0"],
        [
            new ServiceModule(
                "scheduler",
                builder =>
                {
                    builder.Services.AddSingleton(heard);
                    builder.Services.AddSingleton<IConfigureReceiveEndpoint>(new HostsGate(hosts));
                },
                bus =>
                {
                    bus.AddConsumer<AtTheGate>().Endpoint(endpoint => endpoint.Name = HostsGate.Queue);
                    bus.AddConsumer<Elsewhere>().Endpoint(endpoint => endpoint.Name = "another");
                },
                _ => { }),
        ]);

    private static string HostOf(Choice choice) => Assert.IsType<Choice.Chosen>(choice).HostId;

    private static PciRequest Vf() => Wishes.Vf("physnet1");

    private static PoolsChanged Pools(string hostId, long version, int free, bool online = true) => new(
        hostId, version, online,
        [
            new("8086", "154c", DeviceType.Vf, 0,
                new Dictionary<string, string?> { ["physical_network"] = "physnet1" }, free, 8),
        ]);

    /// <summary>A message of this test.</summary>
    public sealed record Asked;

    public sealed record Heard
    {
        public TaskCompletionSource AtTheGate { get; } = new();

        public TaskCompletionSource Elsewhere { get; } = new();
    }

    /// <summary>Stands where the boots do.</summary>
    public sealed class AtTheGate(Heard heard) : IConsumer<Asked>
    {
        public Task Consume(ConsumeContext<Asked> context)
        {
            heard.AtTheGate.TrySetResult();
            return Task.CompletedTask;
        }
    }

    /// <summary>Has another queue of the same bus.</summary>
    public sealed class Elsewhere(Heard heard) : IConsumer<Asked>
    {
        public Task Consume(ConsumeContext<Asked> context)
        {
            heard.Elsewhere.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
