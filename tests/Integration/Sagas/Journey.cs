using MassTransit;
using Platform.ServiceDefaults.Sagas;

namespace Platform.Integration.Sagas;

/// <summary>Asks for a journey; asked again, it is one leg more.</summary>
public sealed record Depart(Guid JourneyId, string Note);

/// <summary>Changes nothing that is waited for.</summary>
public sealed record Look(Guid JourneyId, string Note);

/// <summary>Begins to wait, or, with no time, ends the wait.</summary>
public sealed record Wait(Guid JourneyId, Guid ClaimId, int Round, TimeSpan? After);

/// <summary>The saga's word to itself.</summary>
public sealed record WaitedTooLong(Guid JourneyId, Guid ClaimId, string Step, int Round);

/// <summary>What a journey says after each message: how many it has taken by now.</summary>
public sealed record Travelled(Guid JourneyId, string Note, int Legs);

public enum Comfort
{
    Unknown,
    Plain,
}

public sealed class Journey : IDeadlineSaga
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public SagaDeadline? Deadline { get; set; }
    public int Legs { get; set; }
    public List<string> Notes { get; set; } = [];
    public List<WaitedTooLong> Passed { get; set; } = [];
    public Comfort Comfort { get; set; }
}

public sealed class JourneyMachine : MassTransitStateMachine<Journey>
{
    public const string Queue = "journeys";
    public const string Header = "x-ticket";
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public JourneyMachine(Mishaps mishaps)
    {
        InstanceState(journey => journey.CurrentState);
        Event(() => Departing, e => e.CorrelateById(m => m.Message.JourneyId));
        Event(() => Looking, e => e.CorrelateById(m => m.Message.JourneyId));
        Event(() => Waiting, e => e.CorrelateById(m => m.Message.JourneyId));
        Event(() => Waited, e => e.CorrelateById(m => m.Message.JourneyId));

        Initially(
            When(Departing).ThenAsync(_ => mishaps.MeetOthersAtStart())
                .Then(c => Note(c.Saga, c.Message.Note))
                .Publish(c => Tell(c, c.Message.Note)).Then(c => mishaps.Happen(c.Message.Note))
                .TransitionTo(Moving));
        During(Moving,
            When(Departing).Then(c => Note(c.Saga, c.Message.Note))
                .Publish(c => Tell(c, c.Message.Note)).Then(c => mishaps.Happen(c.Message.Note)),
            When(Looking).Then(c => Note(c.Saga, c.Message.Note))
                .ThenAsync(c => c.Publish(Tell(c, c.Message.Note), sent => Stamp(sent, c.Message.Note)))
                .Then(c => mishaps.Happen(c.Message.Note)),
            When(Waiting).Then(c => c.Saga.Deadline = c.Message.After is { } after
                    ? new("waiting", c.Message.ClaimId, c.Message.Round, after)
                    : null)
                .Publish(c => Tell(c, "waiting")),
            When(Waited).Then(c => c.Saga.Passed.Add(c.Message)).Publish(c => Tell(c, "waited")));
    }

    public State Moving { get; } = null!;

    public Event<Depart> Departing { get; } = null!;
    public Event<Look> Looking { get; } = null!;
    public Event<Wait> Waiting { get; } = null!;
    public Event<WaitedTooLong> Waited { get; } = null!;

    public static object Deadline(Journey journey, SagaDeadline deadline) =>
        new WaitedTooLong(journey.CorrelationId, deadline.ClaimId, deadline.Step, deadline.Round);

    private static void Note(Journey journey, string note)
    {
        journey.Legs++;
        journey.Comfort = Comfort.Plain;
        journey.Notes.Add(note);
    }

    private static Travelled Tell<T>(BehaviorContext<Journey, T> context, string note) where T : class =>
        new(context.Saga.CorrelationId, note, context.Saga.Legs);

    private static void Stamp(SendContext context, string ticket)
    {
        context.Headers.Set(Header, ticket);
        context.TimeToLive = Life;
    }
}

/// <summary>What goes wrong in a test, and when.</summary>
public sealed class Mishaps
{
    private readonly Dictionary<string, int> failures = [];
    private readonly TaskCompletionSource met = new();
    private int awaited;

    /// <summary>
    /// The behaviour of a message with this note throws, after it has changed its saga and sent.
    /// </summary>
    public void Fail(string note, int times)
    {
        lock (failures)
            failures[note] = times;
    }

    /// <summary>Nobody begins a journey before so many are about to begin it.</summary>
    public void StartTogether(int many) => awaited = many;

    public void Happen(string note)
    {
        lock (failures)
        {
            if (failures.GetValueOrDefault(note) is var left and > 0)
            {
                failures[note] = left - 1;
                throw new InvalidOperationException($"{note} was to fail.");
            }
        }
    }

    public Task MeetOthersAtStart()
    {
        if (Interlocked.Decrement(ref awaited) <= 0)
            met.TrySetResult();
        return met.Task;
    }
}
