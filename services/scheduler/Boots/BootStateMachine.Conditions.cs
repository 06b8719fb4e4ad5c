using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;

namespace Platform.Scheduler.Boots;

/// <content>When a message counts.</content>
public sealed partial class BootStateMachine
{
    // An outcome counts when it is of the present attempt.

    private static bool IsOurs(BehaviorContext<Boot, DevicesClaimed> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, ClaimRejected> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, PortsBound> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, PortBindingFailed> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, VfsPlugged> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, VfPlugFailed> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, ClaimConfirmed> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, ClaimLost> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, VfsUnplugged> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, VfUnplugFailed> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, PortsUnbound> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, PortUnbindingFailed> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, DevicesReleasing> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, DevicesReleased> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOurs(BehaviorContext<Boot, ReleaseRefused> x) => IsOurs(x, x.Message.ClaimId);

    private static bool IsOfNoAttempt(BehaviorContext<Boot, DevicesClaimed> x) => !IsOurs(x);

    private static bool IsOurs(BehaviorContext<Boot> x, Guid claimId) => claimId == x.Saga.Attempt?.ClaimId;

    // What is asked of a message before it counts.

    private bool AsksForPorts(BehaviorContext<Boot, BootRequested> x) =>
        !IsInvalid(x) && x.Message.Nics is [_, ..];

    private bool AsksForDevicesAlone(BehaviorContext<Boot, BootRequested> x) =>
        !IsInvalid(x) && x.Message.Nics is null or [];

    private bool IsInvalid(BehaviorContext<Boot, BootRequested> x) => steps.ProblemOf(x.Message) is not null;

    private static bool IsAnotherRequest(BehaviorContext<Boot, BootRequested> x) =>
        RequestReader.IsAnotherRequest(x.Saga, x.Message);

    private static bool IsAwaited(BehaviorContext<Boot, BootDeadlinePassed> x) =>
        x.Saga.Deadline is { } awaited
        && awaited.Step == x.Message.Step
        && awaited.ClaimId == x.Message.ClaimId
        && awaited.Round == x.Message.Round;

    private bool MayAskAgain(BehaviorContext<Boot, BootDeadlinePassed> x) =>
        IsAwaited(x) && steps.MayAskAgain(x.Saga);

    private bool MayNotAskAgain(BehaviorContext<Boot, BootDeadlinePassed> x) =>
        IsAwaited(x) && !steps.MayAskAgain(x.Saga);

    private static bool MayLeaveCleaning(BehaviorContext<Boot, BootDeadlinePassed> x) =>
        IsAwaited(x) && x.Saga.Attempt!.Releasing;

    private bool MayAskForReleaseAgain(BehaviorContext<Boot, BootDeadlinePassed> x) =>
        MayAskAgain(x) && !x.Saga.Attempt!.Releasing;

    private bool MayNotAskForReleaseAgain(BehaviorContext<Boot, BootDeadlinePassed> x) =>
        MayNotAskAgain(x) && !x.Saga.Attempt!.Releasing;

    private static StateMachineCondition<Boot, BootDeadlinePassed> IsStuckAt(string step) =>
        x => x.Saga.StuckSteps.ContainsKey(step);
}
