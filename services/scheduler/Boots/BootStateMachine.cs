using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.Pci.Requests;
using Platform.Scheduler.Placement;
using Platform.ServiceDefaults.Sagas;

namespace Platform.Scheduler.Boots;

/// <summary>
/// A boot, and its undoing. Each step's undo is entered where that step may have happened:
///
///     Resolving -> Claiming -> Binding -> Plugging -> Confirming -> Running
///                     |           |           |           |            | stop
///                     v           v           +-----------+------------+
///                 Releasing &lt;- Unbinding &lt;------- Unplugging
///                     |
///                     +-> Claiming (next host) | Failed | Stopped | Stuck, then Failed or Stopped
///
/// Races met: an outcome of another attempt carries another claim id, and a step that was left expects no
/// answer: both are ignored. Undo is final at its owner, so a do that it overtook is refused there. Every
/// wait has a deadline.
/// </summary>
public sealed partial class BootStateMachine : MassTransitStateMachine<Boot>
{
    private readonly BootSteps steps;
    private readonly BootMessages messages;
    private readonly ISagaHolds holds;

    public BootStateMachine(
        HostIndex hosts, AliasTable aliases, SchedulerOptions options, ISagaHolds holds, TimeProvider clock)
    {
        this.holds = holds;
        steps = new(hosts, aliases, options, clock);
        messages = new(options, clock);
        InstanceState(boot => boot.CurrentState);
        CorrelateAll();

        Initially(
            When(Requested, AsksForPorts).Then(Remember)
                .Send(ResolvePorts.Queue, x => messages.ResolvePorts(x.Saga))
                .Then(Await(Step.Resolve)).TransitionTo(Resolving),
            TryAHost(When(Requested, AsksForDevicesAlone).Then(Remember)),
            Fail(When(Requested, IsInvalid).Then(RememberProblem)),
            End(When(StopWanted).Then(RememberStop)));

        During(Resolving,
            TryAHost(When(PortsAnswered).Then(RememberPorts)),
            Fail(When(PortsRefused).Then(RememberPortProblems)),
            When(DeadlinePassed, MayAskAgain).Send(ResolvePorts.Queue, x => messages.ResolvePorts(x.Saga))
                .Then(Await(Step.Resolve)),
            Fail(When(DeadlinePassed, MayNotAskAgain).Then(GiveUpResolving)),
            End(When(StopWanted).Then(RememberStop)));

        During(Claiming,
            When(Claimed, IsOurs).Then(RememberClaim)
                .Publish(x => messages.VfReserved(x.Saga)).Then(Await(Step.Bind)).TransitionTo(Binding),
            TryAHost(When(NotClaimed, IsOurs).Then(RememberRejection)),
            Release(When(DeadlinePassed, IsAwaited).Then(Unanswered(Step.Claim))),
            Release(When(StopWanted).Then(RememberStop)));

        During(Binding,
            When(Bound, IsOurs).Then(RememberBindings)
                .Send(BootMessages.Agent, x => messages.PlugVfs(x.Saga))
                .Then(Await(Step.Plug)).TransitionTo(Plugging),
            Unbind(When(NotBound, IsOurs).Then(RememberBindingFailure)),
            When(DeadlinePassed, MayAskAgain).Publish(x => messages.VfReserved(x.Saga))
                .Then(Await(Step.Bind)),
            Unbind(When(DeadlinePassed, MayNotAskAgain).Then(Unanswered(Step.Bind))),
            Unbind(When(StopWanted).Then(RememberStop)));

        During(Plugging,
            When(Plugged, IsOurs).Then(Note(Step.Plug, "done"))
                .Send(ConfirmClaim.Queue, x => BootMessages.ConfirmClaim(x.Saga))
                .Then(Await(Step.Confirm)).TransitionTo(Confirming),
            Unplug(When(NotPlugged, IsOurs).Then(RememberPlugFailure)),
            Unplug(When(DeadlinePassed, IsAwaited).Then(Unanswered(Step.Plug))),
            Unplug(When(StopWanted).Then(RememberStop)));

        During(Confirming,
            When(Confirmed, IsOurs).Then(RememberSuccess)
                .Then(StopWaiting).Publish(x => BootMessages.BootSucceeded(x.Saga)).TransitionTo(Running),
            Unplug(When(Lost, IsOurs).Then(RememberLoss)),
            When(DeadlinePassed, MayAskAgain).Send(ConfirmClaim.Queue, x => BootMessages.ConfirmClaim(x.Saga))
                .Then(Await(Step.Confirm)),
            Unplug(When(DeadlinePassed, MayNotAskAgain).Then(Unanswered(Step.Confirm))),
            Unplug(When(StopWanted).Then(RememberStop)));

        During(Running, Unplug(When(StopWanted).Then(RememberStop)));
        TakeBack();
        AfterTheEnd();
        OnUnhandledEvent(straggler => straggler.Ignore());
    }

    // Taking back goes on past a step that fails: the cleaning makes up for an unplug that was not answered.
    private void TakeBack()
    {
        During(Unplugging,
            Unbind(When(Unplugged, IsOurs).Then(Note(Step.Unplug, "done"))),
            Unbind(When(NotUnplugged, IsOurs).Then(NoteUnplugFailure)),
            Unbind(When(DeadlinePassed, IsAwaited).Then(Note(Step.Unplug, "left to the cleaning"))));

        During(Unbinding,
            Release(When(Unbound, IsOurs).Then(Note(Step.Unbind, "done"))),
            When(NotUnbound, IsOurs).Then(NoteUnbindFailure),
            When(DeadlinePassed, MayAskAgain).Send(UnbindPorts.Queue, x => BootMessages.UnbindPorts(x.Saga))
                .Then(Await(Step.Unbind)),
            Release(When(DeadlinePassed, MayNotAskAgain).Then(RememberStuck(Step.Unbind))));

        During(Releasing,
            When(GivenBack, IsOurs).Then(NoteCleaning)
                .If(x => !x.Message.HostOnline, away => Settle(away.Then(LeaveCleaning))),
            Settle(When(Released, IsOurs).Then(NoteReleased)),
            When(NotReleased, IsOurs).Then(NoteReleaseRefusal),
            Settle(When(DeadlinePassed, MayLeaveCleaning).Then(LeaveCleaning)),
            When(DeadlinePassed, MayAskForReleaseAgain)
                .Send(ReleaseDevices.Queue, x => BootMessages.ReleaseDevices(x.Saga))
                .Then(Await(Step.Release)),
            Settle(When(DeadlinePassed, MayNotAskForReleaseAgain).Then(RememberStuck(Step.Release))));

        During(Stuck,
            When(DeadlinePassed, IsAwaited)
                .If(IsStuckAt(Step.Unbind), unbind => unbind
                    .Send(UnbindPorts.Queue, x => BootMessages.UnbindPorts(x.Saga)))
                .If(IsStuckAt(Step.Release), release => release
                    .Send(ReleaseDevices.Queue, x => BootMessages.ReleaseDevices(x.Saga)))
                .Then(Await(Step.Stuck)),
            Settle(When(Unbound, IsOurs).Then(Freed(Step.Unbind))),
            Settle(When(GivenBack, IsOurs).Then(Freed(Step.Release)).Then(LeaveCleaning)),
            Settle(When(Released, IsOurs).Then(Freed(Step.Release))));

        During(Unplugging, Unbinding, Releasing, Stuck, When(StopWanted).Then(RememberStop));
    }

    // A finished boot answers whoever asks again, and changes no more.
    private void AfterTheEnd()
    {
        During(Failed, When(StopWanted).Publish(x => BootMessages.BootStopped(x.Saga)));
        During(Stopped, When(StopWanted).Publish(x => BootMessages.BootStopped(x.Saga)));
        // A claim refused once may be granted to a copy of its order: nobody waits for it, so it is given
        // back.
        DuringAny(When(Claimed, IsOfNoAttempt).Send(ReleaseDevices.Queue, x => ReleaseStray(x)));
        DuringAny(When(Requested, IsAnotherRequest).Publish(x => BootMessages.BootRequestRejected(x.Saga)));
    }

    public State Resolving { get; private set; } = null!;
    public State Claiming { get; private set; } = null!;
    public State Binding { get; private set; } = null!;
    public State Plugging { get; private set; } = null!;
    public State Confirming { get; private set; } = null!;
    public State Running { get; private set; } = null!;
    public State Unplugging { get; private set; } = null!;
    public State Unbinding { get; private set; } = null!;
    public State Releasing { get; private set; } = null!;
    public State Stuck { get; private set; } = null!;
    public State Failed { get; private set; } = null!;
    public State Stopped { get; private set; } = null!;

    public Event<BootRequested> Requested { get; private set; } = null!;
    public Event<StopRequested> StopWanted { get; private set; } = null!;
    public Event<PortsResolved> PortsAnswered { get; private set; } = null!;
    public Event<PortResolutionFailed> PortsRefused { get; private set; } = null!;
    public Event<DevicesClaimed> Claimed { get; private set; } = null!;
    public Event<ClaimRejected> NotClaimed { get; private set; } = null!;
    public Event<PortsBound> Bound { get; private set; } = null!;
    public Event<PortBindingFailed> NotBound { get; private set; } = null!;
    public Event<VfsPlugged> Plugged { get; private set; } = null!;
    public Event<VfPlugFailed> NotPlugged { get; private set; } = null!;
    public Event<ClaimConfirmed> Confirmed { get; private set; } = null!;
    public Event<ClaimLost> Lost { get; private set; } = null!;
    public Event<VfsUnplugged> Unplugged { get; private set; } = null!;
    public Event<VfUnplugFailed> NotUnplugged { get; private set; } = null!;
    public Event<PortsUnbound> Unbound { get; private set; } = null!;
    public Event<PortUnbindingFailed> NotUnbound { get; private set; } = null!;
    public Event<DevicesReleasing> GivenBack { get; private set; } = null!;
    public Event<DevicesReleased> Released { get; private set; } = null!;
    public Event<ReleaseRefused> NotReleased { get; private set; } = null!;
    public Event<BootDeadlinePassed> DeadlinePassed { get; private set; } = null!;
}
