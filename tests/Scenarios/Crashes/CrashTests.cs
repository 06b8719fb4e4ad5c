using System.Diagnostics;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>
/// A process dies in the middle of the work, with everything in its memory, and comes back: every boot ends,
/// no function is owned twice, and nothing leaks.
/// </summary>
[Collection(nameof(CrashTests)), Trait("servers", "RabbitMQ, PostgreSQL")]
public sealed class CrashTests(CrashTests.WorldFixture fixture, ITestOutputHelper output)
    : IClassFixture<CrashTests.WorldFixture>
{
    private readonly Stopwatch watch = Stopwatch.StartNew();

    public static TheoryData<Victim> EveryVictim => [.. Enum.GetValues<Victim>()];

    [Theory, MemberData(nameof(EveryVictim)), Trait("feature", "U6")]
    [Trait("invariant", "1"), Trait("invariant", "2"), Trait("invariant", "4"), Trait("invariant", "5")]
    public Task Killed_among_boots_and_again_among_stops_it_leaves_nothing(Victim victim) => fixture.Use(
        async world =>
        {
            var load = Load(world, $"{victim}");
            Say($"the kill comes with {await load.Begin(Stop)} boots on their way");
            world.Kill(victim);
            await Task.WhenAll(load.GoOn(Stop), world.Restart(victim, Stop));
            Say("all are up again");
            await Ended(world, load);
            await new Books(world).Agree(load, Stop);

            Say($"the kill comes with {await load.BeginStopping(Stop)} boots not stopped");
            world.Kill(victim);
            await Task.WhenAll(load.GoOnStopping(), world.Restart(victim, Stop));
            Say("all are up again");
            await NothingIsLeft(world, load);
        });

    [Fact, Trait("invariant", "4"), Trait("invariant", "6")]
    public Task Boots_end_while_their_hosts_are_away_and_what_they_held_is_cleaned_after() => fixture.Use(
        async world =>
        {
            var load = Load(world, "all hosts");
            Say($"the kill comes with {await load.Begin(Stop)} boots on their way");
            world.Kill(Victim.HostAgent);
            await load.GoOn(Stop);
            await Ended(world, load);
            await world.Api.HostsOnline(0, Stop);
            await world.Restart(Victim.HostAgent, Stop);
            Say("the hosts are back");
            await new Books(world).Agree(load, Stop);

            await load.BeginStopping(Stop);
            await load.GoOnStopping();
            await NothingIsLeft(world, load);
        });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CrashLoad Load(CrashWorld world, string killed)
    {
        var seed = Random.Shared.Next();
        Say($"{killed}, seed {seed}");
        return new(world, new Random(seed));
    }

    private async Task Ended(CrashWorld world, CrashLoad load)
    {
        await load.Ended(Stop);
        var log = await OwnershipLog.Read(world.Database, Stop);
        Say($"{await load.Ends(Stop)}; {log.Grants} claims were granted in this world until now");
        Assert.Empty(log.Wrong);
    }

    private async Task NothingIsLeft(CrashWorld world, CrashLoad load)
    {
        await Ended(world, load);
        await new Books(world).AreEmpty(Stop);
        Say("nothing is left");
        Assert.Empty(await world.DeadLetters(Stop));
    }

    private void Say(string what) => output.WriteLine($"{watch.Elapsed.TotalSeconds,5:0.0} s: {what}");

    /// <summary>One world for all cases, as long as they leave it as they found it.</summary>
    public sealed class WorldFixture : IAsyncLifetime
    {
        private CrashWorld? world;

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        internal async Task Use(Func<CrashWorld, Task> use)
        {
            Assert.SkipWhen(
                TestServers.AreGiven, "It kills its servers, and those that are given are not its own.");
            world ??= await CrashWorld.Start(CrashLoad.PortCount, TestContext.Current.CancellationToken);
            try
            {
                await use(world);
            }
            catch
            {
                TestContext.Current.TestOutputHelper?.WriteLine(world.Logs);
                await DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (world is not null)
                await world.DisposeAsync();
            world = null;
        }
    }
}

/// <summary>Alone: what is killed here would otherwise start on processors that others wait for.</summary>
[CollectionDefinition(nameof(CrashTests), DisableParallelization = true)]
public sealed class CrashCollection;
