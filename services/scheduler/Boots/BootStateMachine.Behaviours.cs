using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;

namespace Platform.Scheduler.Boots;

/// <content>The behaviours that the table names: one line each, wherever one line will do.</content>
public sealed partial class BootStateMachine
{
    private void CorrelateAll()
    {
        Event(() => Requested, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => StopWanted, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => PortsAnswered, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => PortsRefused, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => Claimed, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => NotClaimed, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => Bound, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => NotBound, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => Plugged, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => NotPlugged, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => Confirmed, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => Lost, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => Unplugged, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => NotUnplugged, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => Unbound, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => NotUnbound, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => GivenBack, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => Released, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => NotReleased, x => x.CorrelateById(m => m.Message.BootId));
        Event(() => DeadlinePassed, x => x.CorrelateById(m => m.Message.BootId));
    }

    // From here on: where a step leads, with what is sent on the way.

    private EventActivityBinder<Boot, T> TryAHost<T>(EventActivityBinder<Boot, T> when)
        where T : class => when
        .ThenAsync(HoldQuota)
        .Then(x => steps.ChooseHost(x.Saga, NewId.NextGuid))
        .IfElse(
            x => x.Saga.Attempt is not null,
            chosen => chosen.Send(ClaimDevices.Queue, x => messages.ClaimDevices(x.Saga))
                .Then(Await(Step.Claim)).TransitionTo(Claiming),
            Fail);

    private EventActivityBinder<Boot, T> Fail<T>(EventActivityBinder<Boot, T> when)
        where T : class => when
        .Then(GiveBackQuota).Then(StopWaiting)
        .Publish(x => BootMessages.BootFailed(x.Saga)).TransitionTo(Failed);

    private EventActivityBinder<Boot, T> Unplug<T>(EventActivityBinder<Boot, T> when)
        where T : class => when
        .Send(BootMessages.Agent, x => BootMessages.UnplugVfs(x.Saga))
        .Then(Await(Step.Unplug)).TransitionTo(Unplugging);

    private EventActivityBinder<Boot, T> Unbind<T>(EventActivityBinder<Boot, T> when)
        where T : class => when
        .Send(UnbindPorts.Queue, x => BootMessages.UnbindPorts(x.Saga))
        .Then(Await(Step.Unbind)).TransitionTo(Unbinding);

    private EventActivityBinder<Boot, T> Release<T>(EventActivityBinder<Boot, T> when)
        where T : class => when
        .Send(ReleaseDevices.Queue, x => BootMessages.ReleaseDevices(x.Saga))
        .Then(Await(Step.Release)).TransitionTo(Releasing);

    // Everything that could be taken back was: what follows depends on why it was.
    private EventActivityBinder<Boot, T> Settle<T>(EventActivityBinder<Boot, T> when)
        where T : class => when
        .IfElse(x => x.Saga.StuckSteps.Count > 0, StayStuck, free => free
            .IfElse(x => x.Saga.StopWanted, End, going => going.IfElse(x => x.Saga.GivenUp, Fail, TryAHost)));

    private EventActivityBinder<Boot, T> StayStuck<T>(EventActivityBinder<Boot, T> when)
        where T : class => when
        .If(x => x.Saga.CurrentState != nameof(Stuck), first => first
            .Then(x => x.Saga.GivenUp = true).Then(Await(Step.Stuck))
            .Publish(x => BootMessages.BootStuck(x.Saga)))
        .TransitionTo(Stuck);

    private EventActivityBinder<Boot, T> End<T>(EventActivityBinder<Boot, T> when)
        where T : class => when
        .Then(GiveBackQuota).Then(StopWaiting)
        .Publish(x => BootMessages.BootStopped(x.Saga)).TransitionTo(Stopped);

    private static ReleaseDevices ReleaseStray(BehaviorContext<Boot, DevicesClaimed> x) => new(
        x.Saga.CorrelationId, x.Message.ClaimId, x.Message.HostId, "The boot has given this attempt up.");

    private async Task HoldQuota(BehaviorContext<Boot> x)
    {
        if (steps.QuotaToHold(x.Saga) is { } quota)
            steps.HoldQuota(x.Saga, quota, await holds.Held(x.Saga.ProjectId!, x.CancellationToken));
    }

    private static void GiveBackQuota(BehaviorContext<Boot> x) => x.Saga.Hold = null;

    // What is remembered.

    private void Remember(BehaviorContext<Boot, BootRequested> x)
    {
        steps.Request(x.Saga, x.Message);
        steps.ReadFlavor(x.Saga, x.Message, NewId.NextGuid);
    }

    private void RememberProblem(BehaviorContext<Boot, BootRequested> x)
    {
        steps.Request(x.Saga, x.Message);
        steps.GiveUp(x.Saga, Step.Request, "invalid-request", steps.ProblemOf(x.Message)!);
    }

    private void RememberStop(BehaviorContext<Boot, StopRequested> x)
    {
        x.Saga.StopWanted = true;
        steps.Note(x.Saga, Step.Stop, "requested");
    }

    private void RememberPorts(BehaviorContext<Boot, PortsResolved> x) =>
        steps.Resolved(x.Saga, x.Message, NewId.NextGuid);

    private void RememberPortProblems(BehaviorContext<Boot, PortResolutionFailed> x) =>
        steps.NotResolved(x.Saga, x.Message);

    private void GiveUpResolving(BehaviorContext<Boot, BootDeadlinePassed> x) =>
        steps.GiveUp(
            x.Saga, Step.Resolve, "timeout", "network-binding did not resolve the ports: see that it runs.");

    private void RememberClaim(BehaviorContext<Boot, DevicesClaimed> x) => steps.Claimed(x.Saga, x.Message);

    private void RememberRejection(BehaviorContext<Boot, ClaimRejected> x) =>
        steps.NotClaimed(x.Saga, x.Message);

    private void RememberBindings(BehaviorContext<Boot, PortsBound> x) => steps.Bound(x.Saga, x.Message);

    private void RememberBindingFailure(BehaviorContext<Boot, PortBindingFailed> x) =>
        steps.NotBound(x.Saga, x.Message);

    private void RememberPlugFailure(BehaviorContext<Boot, VfPlugFailed> x)
    {
        steps.Note(x.Saga, Step.Plug, x.Message.Reason);
        BootSteps.AttemptFailed(x.Saga, "plug", x.Message.Reason);
    }

    // That another host was tried before is in the timeline; a boot that runs has not failed.
    private void RememberSuccess(BehaviorContext<Boot, ClaimConfirmed> x)
    {
        x.Saga.Failure = null;
        x.Saga.LeftReleasing = false;
        steps.Note(x.Saga, Step.Confirm, "done");
    }

    private void RememberLoss(BehaviorContext<Boot, ClaimLost> x)
    {
        steps.Note(x.Saga, Step.Confirm, x.Message.Reason);
        BootSteps.AttemptFailed(x.Saga, "claim", x.Message.Reason);
    }

    private void NoteUnplugFailure(BehaviorContext<Boot, VfUnplugFailed> x) =>
        steps.Note(x.Saga, Step.Unplug, $"{x.Message.Reason} Left to the cleaning.");

    // The deadline asks again: a failure that lasts a moment needs no second clock.
    private void NoteUnbindFailure(BehaviorContext<Boot, PortUnbindingFailed> x) =>
        steps.Note(x.Saga, Step.Unbind, x.Message.Reason);

    private void NoteReleaseRefusal(BehaviorContext<Boot, ReleaseRefused> x) =>
        steps.Note(x.Saga, Step.Release, x.Message.Reason);

    private void NoteCleaning(BehaviorContext<Boot, DevicesReleasing> x)
    {
        x.Saga.Attempt = x.Saga.Attempt! with { Releasing = true };
        steps.Note(x.Saga, Step.Release, $"cleaning {string.Join(", ", x.Message.Addresses)}");
    }

    private void NoteReleased(BehaviorContext<Boot, DevicesReleased> x) => steps.Note(
        x.Saga,
        Step.Release,
        x.Message.Quarantined.Count == 0
            ? "done"
            : $"quarantined: {string.Join(", ", x.Message.Quarantined)}");

    private void LeaveCleaning(BehaviorContext<Boot> x)
    {
        x.Saga.LeftReleasing = true;
        steps.Note(x.Saga, Step.Release, "owned by nobody; cleaned when the agent answers");
    }

    private Action<BehaviorContext<Boot, BootDeadlinePassed>> Unanswered(string step) =>
        x => steps.Unanswered(x.Saga, step);

    private Action<BehaviorContext<Boot, BootDeadlinePassed>> RememberStuck(string step) =>
        x => steps.Stuck(x.Saga, step, $"no good answer after {x.Message.Round + 1} requests");

    private static Action<BehaviorContext<Boot>> Freed(string step) => x => x.Saga.StuckSteps.Remove(step);

    private Action<BehaviorContext<Boot>> Note(string step, string text) =>
        x => steps.Note(x.Saga, step, text);

    private Action<BehaviorContext<Boot>> Await(string step) => x => steps.Await(x.Saga, step);

    private static void StopWaiting(BehaviorContext<Boot> x) => x.Saga.Deadline = null;
}
