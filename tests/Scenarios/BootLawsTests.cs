using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>The steps of a boot.</summary>
public enum BootStep { Resolve, Claim, Bind, Plug, Confirm }

/// <summary>How a step fails.</summary>
public enum Failing
{
    /// <summary>It is not done, and says so.</summary>
    Refused,

    /// <summary>It is not done, and nobody answers.</summary>
    Lost,

    /// <summary>It is done, and the answer is lost.</summary>
    AnswerLost,
}

/// <summary>How often messages come.</summary>
public enum Delivered { Once, UndoTwice, AllTwice }

/// <summary>
/// The three laws of a saga: whichever step fails, everything is taken back; also when each compensation runs
/// twice; and when every message comes twice, the outcome is the same.
/// </summary>
public abstract class BootLawsTests(BootLawsTests.WorldFixture fixture)
{
    private static readonly Type[] Undo =
        [typeof(UnplugVfs), typeof(UnbindPorts), typeof(ReleaseDevices), typeof(CleanDevices)];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<BootStep> EveryStep => [.. Enum.GetValues<BootStep>()];

    /// <summary>All ways of failing and of delivery at once: each has a boot of its own.</summary>
    [Theory, MemberData(nameof(EveryStep)), Trait("feature", "M2"), Trait("feature", "U6")]
    [Trait("invariant", "2"), Trait("invariant", "3"), Trait("invariant", "4")]
    public Task Whichever_step_fails_everything_is_taken_back(BootStep step) => Task.WhenAll(
        from failing in Enum.GetValues<Failing>()
        from delivered in Enum.GetValues<Delivered>()
        select EverythingIsTakenBack(step, failing, delivered));

    private async Task EverythingIsTakenBack(BootStep step, Failing failing, Delivered delivered)
    {
        using var stop = Stop();
        var bootId = Guid.NewGuid();
        var rules = fixture.World.Interference.For(bootId);
        Fail(rules, step, failing);
        Deliver(rules, delivered);

        var ports = await fixture.Boot(bootId, stop.Token);
        var boot = await fixture.World.Api.Ended(bootId, stop.Token);

        Assert.True(boot.State == "Failed", $"{step} {failing}, delivered {delivered}: {boot.State}");
        await Eventually.True(
            $"nothing is left of {bootId}: {step} {failing}, delivered {delivered}",
            async () => (await fixture.World.LeftOf(bootId, ports, stop.Token)).Count == 0,
            stop.Token);
    }

    [Theory, InlineData(Delivered.Once), InlineData(Delivered.UndoTwice), InlineData(Delivered.AllTwice)]
    [Trait("feature", "M3"), Trait("invariant", "2"), Trait("invariant", "3")]
    public async Task A_boot_that_succeeds_holds_until_it_is_stopped(Delivered delivered)
    {
        using var stop = Stop();
        var bootId = Guid.NewGuid();
        Deliver(fixture.World.Interference.For(bootId), delivered);

        var ports = await fixture.Boot(bootId, stop.Token);
        var running = await fixture.World.Api.Ended(bootId, stop.Token);

        Assert.Equal("Running", running.State);
        Assert.Equal(ports, running.Bindings.Select(binding => binding.PortId));
        Assert.NotEmpty(await fixture.World.LeftOf(bootId, ports, stop.Token));

        await fixture.World.Api.Stop(bootId, stop.Token);
        await fixture.World.Api.Shown(bootId, boot => boot.State == "Stopped", stop.Token);
        await Eventually.True(
            $"nothing is left of {bootId}",
            async () => (await fixture.World.LeftOf(bootId, ports, stop.Token)).Count == 0,
            stop.Token);
    }

    [Fact, Trait("feature", "C3")]
    public async Task A_boot_with_normal_ports_alone_holds_no_function()
    {
        using var stop = Stop();
        var bootId = Guid.NewGuid();

        var ports = await fixture.Boot(bootId, stop.Token, vnicType: "normal");
        var running = await fixture.World.Api.Ended(bootId, stop.Token);

        Assert.Equal("Running", running.State);
        Assert.All(running.Bindings, binding => Assert.Null(binding.Profile));
        await fixture.World.Api.Stop(bootId, stop.Token);
        await fixture.World.Api.Shown(bootId, boot => boot.State == "Stopped", stop.Token);
        Assert.Empty(await fixture.World.LeftOf(bootId, ports, stop.Token));
    }

    [Fact]
    public async Task A_boot_that_runs_on_its_second_host_shows_no_failure()
    {
        using var stop = Stop();
        var bootId = Guid.NewGuid();
        fixture.World.Interference.For(bootId).AnswerInstead<PlugVfs>(
            m => new VfPlugFailed(m.BootId, m.ClaimId, m.HostId, m.Generation, "The guest is gone."),
            times: 1);

        await fixture.Boot(bootId, stop.Token);
        var boot = await fixture.World.Api.Ended(bootId, stop.Token);

        Assert.Equal("Running", boot.State);
        Assert.Null(boot.Failure);
        Assert.Contains(
            boot.Timeline, moment => moment.Text.Contains("The guest is gone.", StringComparison.Ordinal));
    }

    [Fact, Trait("feature", "U6")]
    public async Task An_undo_that_fails_for_a_moment_is_tried_again()
    {
        using var stop = Stop();
        var bootId = Guid.NewGuid();
        var rules = fixture.World.Interference.For(bootId);
        Fail(rules, BootStep.Plug, Failing.Refused);
        rules.AnswerInstead<UnbindPorts>(
            m => new PortUnbindingFailed(m.BootId, m.ClaimId, m.HostId, m.PortIds[0], "The switch is busy."),
            times: 1);
        rules.AnswerInstead<ReleaseDevices>(
            m => new ReleaseRefused(m.BootId, m.ClaimId, m.HostId, "It is another's."), times: 1);

        var ports = await fixture.Boot(bootId, stop.Token);
        var boot = await fixture.World.Api.Ended(bootId, stop.Token);

        Assert.Equal("Failed", boot.State);
        Assert.Contains(
            boot.Timeline, moment => moment.Text.Contains("The switch is busy.", StringComparison.Ordinal));
        Assert.Contains(boot.Timeline, moment => moment.Text == "It is another's.");
        Assert.Empty(await fixture.World.LeftOf(bootId, ports, stop.Token));
    }

    [Theory, InlineData(typeof(UnbindPorts), "unbind"), InlineData(typeof(ReleaseDevices), "release")]
    [Trait("feature", "U6"), Trait("invariant", "4")]
    public async Task An_undo_that_fails_again_and_again_is_seen_as_stuck_and_tried_on(Type undo, string step)
    {
        using var stop = Stop();
        var bootId = Guid.NewGuid();
        var rules = fixture.World.Interference.For(bootId);
        Fail(rules, BootStep.Plug, Failing.Refused);
        if (undo == typeof(UnbindPorts))
            rules.Swallow<UnbindPorts>(times: 4);
        else
            rules.Swallow<ReleaseDevices>(times: 4);

        var ports = await fixture.Boot(bootId, stop.Token);
        var stuck = await fixture.World.Api.Shown(bootId, boot => boot.State == "Stuck", stop.Token);
        Assert.Equal([step], stuck.StuckSteps.Keys);

        var ended = await fixture.World.Api.Ended(bootId, stop.Token);
        Assert.Equal("Failed", ended.State);
        Assert.Equal("plug", ended.Failure!.Code);
        await Eventually.True(
            $"nothing is left of {bootId}",
            async () => (await fixture.World.LeftOf(bootId, ports, stop.Token)).Count == 0,
            stop.Token);
    }

    private static CancellationTokenSource Stop()
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Limit);
        return stop;
    }

    private static void Deliver(Interference.Rules rules, Delivered delivered) =>
        rules.Twice = delivered switch
        {
            Delivered.Once => [],
            Delivered.UndoTwice => Undo,
            _ => null,
        };

    private static void Fail(Interference.Rules rules, BootStep step, Failing failing) =>
        _ = (step, failing) switch
        {
            (BootStep.Resolve, Failing.Refused) => rules.AnswerInstead<ResolvePorts>(
                m => new PortResolutionFailed(m.BootId, [new(m.PortIds[0], "It is not known.")])),
            (BootStep.Resolve, Failing.Lost) => rules.Swallow<ResolvePorts>(),
            (BootStep.Resolve, _) => rules.Swallow<PortsResolved>(),
            (BootStep.Claim, Failing.Refused) => rules.AnswerInstead<ClaimDevices>(
                m => new ClaimRejected(
                    m.BootId, m.ClaimId, m.HostId, "insufficient", "None is left.", 0, true, [])),
            (BootStep.Claim, Failing.Lost) => rules.Swallow<ClaimDevices>(),
            (BootStep.Claim, _) => rules.Swallow<DevicesClaimed>(),
            (BootStep.Bind, Failing.Refused) => rules.AnswerInstead<VfReserved>(
                m => new PortBindingFailed(
                    m.BootId, m.ClaimId, m.HostId, null, "The switch is away.", false)),
            (BootStep.Bind, Failing.Lost) => rules.Swallow<VfReserved>(),
            (BootStep.Bind, _) => rules.Swallow<PortsBound>(),
            (BootStep.Plug, Failing.Refused) => rules.AnswerInstead<PlugVfs>(
                m => new VfPlugFailed(m.BootId, m.ClaimId, m.HostId, m.Generation, "The guest is gone.")),
            (BootStep.Plug, Failing.Lost) => rules.Swallow<PlugVfs>(),
            (BootStep.Plug, _) => rules.Swallow<VfsPlugged>(),
            (BootStep.Confirm, Failing.Refused) => rules.AnswerInstead<ConfirmClaim>(
                m => new ClaimLost(m.BootId, m.ClaimId, m.HostId, "The lease is over.")),
            (BootStep.Confirm, Failing.Lost) => rules.Swallow<ConfirmClaim>(),
            _ => rules.Swallow<ClaimConfirmed>(),
        };

    /// <summary>One world for all cases of a transport: they interfere each with its own boot only.</summary>
    public abstract class WorldFixture(TestServers? servers) : IAsyncLifetime
    {
        private string network = "";

        internal World World { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var stop = TestContext.Current.CancellationToken;
            World = await World.Start(servers, new Dictionary<string, string?>(
                [.. World.Hosts(count: 3, vfs: 64), .. World.Impatient]), stop);
            await World.Api.HostsOnline(3, stop);
            network = await World.Api.CreateNetwork("blue", "physnet1", 101, stop);
        }

        /// <summary>Boots a virtual machine with two ports of its own; the answer is the ports.</summary>
        internal async Task<IReadOnlyList<string>> Boot(
            Guid bootId, CancellationToken stop, string vnicType = "direct")
        {
            string[] ports =
            [
                await World.Api.CreatePort(network, stop, vnicType),
                await World.Api.CreatePort(network, stop, vnicType),
            ];
            await World.Api.Boot($"vm-{bootId:N}", ports, stop, bootId);
            return ports;
        }

        public async ValueTask DisposeAsync()
        {
            await World.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}

public sealed class EmbeddedWorld() : BootLawsTests.WorldFixture(servers: null);

public sealed class DistributedWorld(TestServers servers) : BootLawsTests.WorldFixture(servers);

public sealed class EmbeddedBootLawsTests(EmbeddedWorld world)
    : BootLawsTests(world), IClassFixture<EmbeddedWorld>;

[Trait("servers", "RabbitMQ, PostgreSQL")]
public sealed class DistributedBootLawsTests(DistributedWorld world)
    : BootLawsTests(world), IClassFixture<DistributedWorld>;
