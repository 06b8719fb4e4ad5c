using Platform.Support;

namespace Platform.Integration.Sagas;

/// <summary>A saga's waits end, with either storage.</summary>
[Trait("invariant", "4")]
public abstract class DeadlineTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(10);

    private readonly Guid id = Guid.NewGuid();
    private readonly Guid other = Guid.NewGuid();
    private readonly Guid claim = Guid.NewGuid();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_passed_deadline_names_step_claim_and_round()
    {
        await using var system = await StartWaiting(2, Hour);

        await system.Pass(Hour);

        await Fired(system, id, 1);
        Assert.Equal(
            [new WaitedTooLong(id, claim, "waiting", 2)], (await system.Reader.Load(id, Stop))!.Passed);
    }

    [Fact]
    public async Task A_passed_deadline_comes_again_until_the_saga_moves_on()
    {
        await using var system = await StartWaiting(0, Hour);
        await system.Pass(Hour);
        await Fired(system, id, 1);
        await system.Pass(Repeat);
        await Fired(system, id, 2);

        await system.SendAndArrive(new Wait(id, claim, 0, null), "waiting");
        await system.Pass(Hour);

        await OthersFire(system);
        Assert.Equal(2, (await system.Reader.Load(id, Stop))!.Passed.Count);
    }

    [Fact]
    public async Task A_deadline_that_was_cleared_does_not_fire()
    {
        await using var system = await StartWaiting(0, Hour);

        await system.SendAndArrive(new Wait(id, claim, 0, null), "waiting");
        await system.Pass(Hour);

        await OthersFire(system);
        Assert.Empty((await system.Reader.Load(id, Stop))!.Passed);
    }

    [Fact]
    public async Task A_save_that_leaves_the_deadline_equal_does_not_move_it()
    {
        await using var system = await StartWaiting(0, Hour);
        await system.Pass(Hour * 0.7);

        await system.SendAndArrive(new Look(id, "look"), "look");
        await system.SendAndArrive(new Wait(id, claim, 0, Hour), "waiting");
        await system.Pass(Hour * 0.4);

        await Fired(system, id, 1);
    }

    [Fact]
    public async Task A_new_round_waits_from_its_own_start()
    {
        await using var system = await StartWaiting(0, Hour);
        await system.Pass(Hour * 0.7);

        await system.SendAndArrive(new Wait(id, claim, 1, Hour), "waiting");
        await system.Pass(Hour * 0.4);

        await OthersFire(system);
        Assert.Empty((await system.Reader.Load(id, Stop))!.Passed);
        await system.Pass(Hour * 0.7);
        await Fired(system, id, 1);
    }

    protected abstract Task<SagaSystem> Start();

    protected static Task Fired(SagaSystem system, Guid journey, int times) => Eventually.True(
        $"the deadline has fired {times} times",
        () => system.Arrived.Count(a => a.Message is { Note: "waited" } m && m.JourneyId == journey) >= times,
        Stop);

    protected async Task<SagaSystem> StartWaiting(int round, TimeSpan after)
    {
        var system = await Start();
        await system.SendAndArrive(new Depart(id, "first"), "first");
        await system.SendAndArrive(new Wait(id, claim, round, after), "waiting");
        return system;
    }

    /// <summary>Deadlines have been looked for twice when another saga's has fired twice.</summary>
    private async Task OthersFire(SagaSystem system)
    {
        await system.SendAndArrive(new Depart(other, "other"), "other");
        await system.SendAndArrive(new Wait(other, claim, 0, TimeSpan.FromMilliseconds(1)), "waiting");
        await system.Pass(Repeat);
        await Fired(system, other, 1);
        await system.Pass(Repeat);
        await Fired(system, other, 2);
    }
}

public sealed class InMemoryDeadlineTests : DeadlineTests
{
    protected override Task<SagaSystem> Start() => SagaSystem.Start(null);
}

public sealed class NpgsqlDeadlineTests(TestServers servers) : DeadlineTests
{
    protected override async Task<SagaSystem> Start() =>
        await SagaSystem.Start(await servers.CreateDatabase(Stop));

    [Fact]
    public async Task An_outage_of_the_database_ends_no_wait()
    {
        await using var server = await PrivatePostgres.StartAsync(Stop);
        await using var system = await SagaSystem.Start(server.ConnectionString);
        var id = Guid.NewGuid();
        await system.SendAndArrive(new Depart(id, "first"), "first");
        await system.SendAndArrive(new Wait(id, id, 0, TimeSpan.FromHours(1)), "waiting");

        await server.RestartAsync(Stop);
        await Eventually.True("time can pass", () => TryPass(system, TimeSpan.FromHours(1)), Stop);

        await Fired(system, id, 1);
    }

    // The pool finds out connection by connection that its server died.
    private static async Task<bool> TryPass(SagaSystem system, TimeSpan by)
    {
        try
        {
            await system.Pass(by);
            return true;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }
}
