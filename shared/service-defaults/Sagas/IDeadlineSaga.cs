using MassTransit;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// A saga whose waits end. Its <see cref="Deadline"/> is stored with it: set it when a step begins to wait,
/// and to null when nothing is waited for.
/// </summary>
public interface IDeadlineSaga : SagaStateMachineInstance
{
    SagaDeadline? Deadline { get; set; }
}

/// <summary>
/// What a saga waits for and how long. The time runs, on the storage's clock, from the save that changed the
/// deadline: a save that leaves it equal does not move it.
/// </summary>
/// <param name="Step">The step that waits.</param>
/// <param name="ClaimId">The attempt it belongs to.</param>
/// <param name="Round">Which wait of that step, from 0: a new round is a new deadline.</param>
/// <param name="After">How long it waits.</param>
public sealed record SagaDeadline(string Step, Guid ClaimId, int Round, TimeSpan After)
{
    /// <summary>The span in which the wait began; set when the saga is saved.</summary>
    public string? Trace { get; init; }
}
