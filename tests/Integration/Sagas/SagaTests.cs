using Platform.ServiceDefaults.Sagas;
using Platform.Support;

namespace Platform.Integration.Sagas;

/// <summary>What holds for a saga with either storage.</summary>
[Trait("invariant", "2")]
public abstract class SagaTests
{
    private readonly Guid id = Guid.NewGuid();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected abstract Task<SagaSystem> Start(int tries = 1, string? owedAfter = null);

    [Fact]
    public async Task State_consumed_message_and_sent_message_are_there_together()
    {
        await using var system = await Start();

        await system.SendAndArrive(new Depart(id, "first"), "first");

        var journey = await system.Reader.Load(id, Stop);
        Assert.Equal(("Moving", 1), (journey?.CurrentState, journey?.Legs));
        await system.NothingIsOwed();
        Assert.Equal(1, await system.TakeInbox());
        Assert.Empty(system.Faults);
    }

    [Fact]
    public async Task A_behaviour_that_throws_half_way_leaves_no_trace()
    {
        await using var system = await Start();
        system.Mishaps.Fail("broken", 1);

        await system.Send(new Depart(id, "broken"));

        await Eventually.True("the fault is told", () => !system.Faults.IsEmpty, Stop);
        Assert.Null(await system.Reader.Load(id, Stop));
        Assert.Empty(await system.Owed());
        Assert.Equal(0, await system.TakeInbox());
        Assert.Empty(system.Arrived);
    }

    [Fact]
    public async Task A_behaviour_that_throws_half_way_leaves_the_saga_as_it_was()
    {
        await using var system = await Start();
        await system.SendAndArrive(new Depart(id, "first"), "first");
        system.Mishaps.Fail("broken", 1);

        await system.Send(new Look(id, "broken"));

        await Eventually.True("the fault is told", () => !system.Faults.IsEmpty, Stop);
        Assert.Equal(["first"], (await system.Reader.Load(id, Stop))!.Notes);
        Assert.Equal(0, system.Count("broken"));
    }

    [Fact]
    public async Task A_message_retried_has_one_effect()
    {
        await using var system = await Start(tries: 3);
        system.Mishaps.Fail("stubborn", 2);

        await system.SendAndArrive(new Depart(id, "stubborn"), "stubborn");
        await system.SendAndArrive(new Look(id, "last"), "last");

        Assert.Equal(["stubborn", "last"], (await system.Reader.Load(id, Stop))!.Notes);
        Assert.Equal(1, system.Count("stubborn"));
        Assert.Empty(system.Faults);
    }

    [Fact]
    public async Task A_message_that_comes_twice_has_one_effect()
    {
        await using var system = await Start();
        var messageId = Guid.NewGuid();
        await system.SendAndArrive(new Depart(id, "first"), "first");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => system.Send(new Look(id, "twice"), messageId)));
        await Eventually.True("it has arrived", () => system.Count("twice") > 0, Stop);
        await system.Send(new Look(id, "twice"), messageId);
        await system.SendAndArrive(new Look(id, "last"), "last");

        await system.Bus.StopAsync(Stop);
        Assert.Equal(["first", "twice", "last"], (await system.Reader.Load(id, Stop))!.Notes);
        Assert.Single(system.Arrived.Where(a => a.Message.Note == "twice").DistinctBy(a => a.MessageId));
        Assert.Empty(system.Faults);
    }

    [Fact]
    public async Task What_was_committed_and_not_sent_is_sent_at_redelivery_and_not_consumed_again()
    {
        await using var system = await Start();
        var messageId = Guid.NewGuid();
        system.LoseSends(1);
        await system.Send(new Depart(id, "crash"), messageId);
        await Eventually.True("the consumer gave up", () => !system.Faults.IsEmpty, Stop);
        Assert.Equal(1, (await system.Reader.Load(id, Stop))!.Legs);
        Assert.Equal(0, system.Count("crash"));

        await system.Send(new Depart(id, "crash"), messageId);

        await Eventually.True("it is sent", () => system.Count("crash") > 0, Stop);
        await system.NothingIsOwed();
        Assert.Equal(1, (await system.Reader.Load(id, Stop))!.Legs);
        Assert.Equal(1, system.Count("crash"));
    }

    [Fact]
    public async Task What_was_committed_and_not_sent_is_sent_when_the_message_never_comes_again()
    {
        await using var system = await Start(owedAfter: "00:01:00");
        system.LoseSends(1);
        await system.Send(new Depart(id, "crash"));
        await Eventually.True("the consumer gave up", () => !system.Faults.IsEmpty, Stop);

        await system.Pass(TimeSpan.FromMinutes(2));

        await Eventually.True("it is sent", () => system.Count("crash") > 0, Stop);
        await system.NothingIsOwed();
        Assert.Equal(1, (await system.Reader.Load(id, Stop))!.Legs);
    }

    [Fact]
    public async Task Messages_that_come_at_once_lose_no_update()
    {
        await using var system = await Start();
        await system.SendAndArrive(new Depart(id, "first"), "first");

        var notes = Enumerable.Range(0, 40).Select(n => $"leg {n}").ToList();
        await Task.WhenAll(notes.Select(note => system.Send(new Look(id, note))));
        await Eventually.True("all have arrived", () => notes.All(note => system.Count(note) > 0), Stop);

        Assert.Equal(notes.Append("first").Order(), (await system.Reader.Load(id, Stop))!.Notes.Order());
        Assert.Equal(Enumerable.Range(1, 41), system.Arrived.Select(a => a.Message.Legs).Order());
        Assert.Empty(system.Faults);
    }

    [Fact]
    public async Task Sagas_are_listed_newest_first_page_by_page()
    {
        await using var system = await Start();
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToList();
        foreach (var journey in ids)
            await system.SendAndArrive(new Depart(journey, $"{journey}"), $"{journey}");

        var page = await system.Reader.List(3, null, Stop);
        var rest = await system.Reader.List(3, page[^1].CorrelationId, Stop);

        Assert.Equal(Enumerable.Reverse(ids), page.Concat(rest).Select(j => j.CorrelationId));
        Assert.Equal(3, page.Count);
    }
}

public sealed class InMemorySagaTests : SagaTests
{
    protected override Task<SagaSystem> Start(int tries, string? owedAfter) =>
        SagaSystem.Start(null, tries, owedAfter);
}

public sealed class NpgsqlSagaTests(TestServers servers) : SagaTests
{
    protected override async Task<SagaSystem> Start(int tries, string? owedAfter) =>
        await SagaSystem.Start(
            await servers.CreateDatabase(Stop) + ";Max Auto Prepare=100", tries, owedAfter);

    [Fact]
    public async Task Of_two_first_messages_one_begins_the_saga_and_the_other_goes_on_with_it()
    {
        await using var system = await Start(1, null);
        var id = Guid.NewGuid();
        system.Mishaps.StartTogether(2);

        await Task.WhenAll(system.Send(new Depart(id, "one")), system.Send(new Depart(id, "other")));

        await Eventually.True("both have arrived", () => system.Arrived.Count == 2, Stop);
        Assert.Equal(["one", "other"], (await system.Reader.Load(id, Stop))!.Notes.Order());
        Assert.Equal([1, 2], system.Arrived.Select(a => a.Message.Legs).Order());
        Assert.Empty(system.Faults);
    }
}
