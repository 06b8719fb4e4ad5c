using System.Diagnostics;
using Platform.Support;

namespace Platform.Integration.Sagas;

/// <summary>
/// What a message carries besides itself survives the outbox: sent at once, or after a crash.
/// </summary>
public sealed class EnvelopeTests(TestServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(false, 0), InlineData(false, 1), InlineData(true, 0), InlineData(true, 1)]
    public async Task Header_conversation_expiry_and_trace_survive(bool isDurable, int lostSends)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var system = await SagaSystem.Start(
            isDurable ? await servers.CreateDatabase(Stop) : null);
        var (id, messageId) = (Guid.NewGuid(), Guid.NewGuid());
        await system.SendAndArrive(new Depart(id, "first"), "first");
        system.LoseSends(lostSends);

        ActivityTraceId trace;
        using (var root = new Activity("root").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            trace = root.TraceId;
            await system.Send(new Look(id, "ticket 7"), messageId);
        }
        if (lostSends > 0)
        {
            await Eventually.True("the consumer gave up", () => !system.Faults.IsEmpty, Stop);
            await system.Send(new Look(id, "ticket 7"), messageId);
        }
        await Eventually.True("it has arrived", () => system.Count("ticket 7") > 0, Stop);

        var arrived = system.Arrived.Last();
        Assert.Equal("ticket 7", arrived.Ticket);
        Assert.Equal(messageId, arrived.ConversationId);
        Assert.Equal(trace, arrived.Trace);
        var life = arrived.Expires!.Value.ToUniversalTime() - TimeProvider.System.GetUtcNow().UtcDateTime;
        Assert.InRange(life, TimeSpan.FromMinutes(1), JourneyMachine.Life);
    }

    [Fact]
    public async Task A_message_that_expired_before_it_could_be_sent_is_dropped()
    {
        await using var system = await SagaSystem.Start(null, owedAfter: "01:00:00");
        var (id, messageId) = (Guid.NewGuid(), Guid.NewGuid());
        await system.SendAndArrive(new Depart(id, "first"), "first");
        system.LoseSends(1);
        await system.Send(new Look(id, "late"), messageId);
        await Eventually.True("the consumer gave up", () => !system.Faults.IsEmpty, Stop);

        await system.Pass(JourneyMachine.Life);
        await system.Send(new Look(id, "late"), messageId);

        await system.NothingIsOwed();
        await system.SendAndArrive(new Look(id, "last"), "last");
        Assert.Equal(0, system.Count("late"));
    }
}
