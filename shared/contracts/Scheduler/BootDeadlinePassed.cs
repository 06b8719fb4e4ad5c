namespace Platform.Contracts.Scheduler;

/// <summary>
/// The scheduler's word to itself: this step of this claim was not answered in time. Ignored when the boot
/// has moved on.
/// </summary>
/// <param name="Round">Which wait of that step, from 0.</param>
public sealed record BootDeadlinePassed(Guid BootId, Guid ClaimId, string Step, int Round);
