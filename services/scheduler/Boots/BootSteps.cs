using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;
using Platform.Pci.Requests;
using Platform.Scheduler.Domain;
using Platform.Scheduler.Placement;
using Platform.ServiceDefaults.Sagas;

namespace Platform.Scheduler.Boots;

/// <summary>What happens to a boot at each step. Sends nothing: the state machine does.</summary>
internal sealed class BootSteps(
    HostIndex hosts, AliasTable aliases, SchedulerOptions options, TimeProvider clock)
{
    private const int TimelineMax = 200;
    private readonly RequestReader reader = new(aliases);

    public string? ProblemOf(BootRequested request) => reader.ProblemOf(request);

    /// <summary>Takes the request down, as far as it makes sense.</summary>
    public void Request(Boot boot, BootRequested request)
    {
        RequestReader.Keep(boot, request);
        boot.RequestedAt = clock.GetUtcNow();
        Note(boot, Step.Request, $"{request.Nics?.Count ?? 0} NICs for {boot.VmId}");
    }

    /// <summary>Takes what the flavor asks for. The request has no problem.</summary>
    public void ReadFlavor(Boot boot, BootRequested request, Func<Guid> newId)
    {
        reader.KeepFlavor(boot, request, newId);
        if (boot.Devices.Count > 0)
            Note(boot, Step.Request, string.Join(", ", boot.Devices.Select(d => $"{d.Count} of {d.Alias}")));
    }

    public void Resolved(Boot boot, PortsResolved answer, Func<Guid> newId)
    {
        boot.Needs = [.. answer.Ports.Select(port => new NicNeed(newId(), port))];
        Note(boot, Step.Resolve, string.Join(", ", answer.Ports.Select(Describe)));
    }

    public void NotResolved(Boot boot, PortResolutionFailed answer) => GiveUp(
        boot,
        Step.Resolve,
        "port-resolution",
        string.Join(" ", answer.Problems.Select(problem => $"Port {problem.PortId}: {problem.Reason}")));

    /// <summary>The project's quota, when the boot has to hold some of it and does not yet.</summary>
    public int? QuotaToHold(Boot boot) =>
        boot.Hold is null && FunctionsOf(boot) > 0 ? options.QuotaOf(boot.ProjectId) : null;

    /// <summary>Holds some of the project's quota, or gives the boot up (B33).</summary>
    /// <param name="held">What the project's boots hold already.</param>
    public void HoldQuota(Boot boot, int quota, int held)
    {
        var asked = FunctionsOf(boot);
        if (asked <= quota - held)
            boot.Hold = new(boot.ProjectId!, asked, quota);
        else
            GiveUp(
                boot, Step.Choose, "quota",
                $"Project {boot.ProjectId} holds {held} of {quota} functions, and {boot.VmId} asks for "
                    + $"{asked}: stop another of its machines, or raise Scheduler:Quota.");
    }

    private static int FunctionsOf(Boot boot) =>
        BootDemand.Of(boot).Requests.Sum(request => request.Count);

    /// <summary>Takes the next host to try into the boot's attempt, or gives the boot up.</summary>
    public void ChooseHost(Boot boot, Func<Guid> newId)
    {
        boot.Attempt = null;
        if (boot.GivenUp)
            return;
        if (boot.Attempts >= options.AttemptsMax)
            GiveUpAfterAttempts(boot);
        else if (clock.GetUtcNow() > boot.RequestedAt + options.BootTimeout)
            GiveUp(boot, Step.Choose, "timeout", $"No host was had within {options.BootTimeout}.");
        else
            Choose(boot, newId);
    }

    private void GiveUpAfterAttempts(Boot boot)
    {
        var tried = boot.TriedHosts.Values.ToList();
        boot.Failure = boot.Failure! with
        {
            RefusedHosts = tried.CountBy(refusal => refusal.Code).ToDictionary(StringComparer.Ordinal),
            Nearest = tried,
        };
        GiveUp(boot, Step.Choose, boot.Failure.Code, $"Gave up after {boot.Attempts} attempts.");
    }

    private void Choose(Boot boot, Func<Guid> newId)
    {
        var wish = BootDemand.WishOf(boot);
        switch (hosts.Choose(wish, boot.TriedHosts))
        {
            case Choice.Chosen chosen:
                boot.Attempt = new(newId(), chosen.HostId, chosen.Version, Generation: 0, [], []);
                Note(boot, Step.Choose, $"{chosen.HostId}, by its pools of version {chosen.Version}");
                break;
            case Choice.NoHost none:
                var reason = NoHostReason(boot, wish, none);
                boot.Failure = boot.Failure is null
                    ? new("no-host", reason, none.Counts, none.Nearest, none.NearestMiss)
                    : boot.Failure with
                    {
                        RefusedHosts = none.Counts,
                        Nearest = none.Nearest,
                        NearestMiss = none.NearestMiss,
                    };
                boot.GivenUp = true;
                Note(boot, Step.Choose, reason);
                break;
        }
    }

    public void Claimed(Boot boot, DevicesClaimed answer)
    {
        boot.Attempt = boot.Attempt! with
        {
            Generation = answer.Generation,
            Devices = answer.Devices,
            GuestNumaCells = answer.GuestNumaCells,
        };
        var cells = answer.GuestNumaCells is { } chosen ? $", NUMA cells {string.Join(", ", chosen)}" : "";
        Note(
            boot, Step.Claim,
            $"{Addresses(answer.Devices)} on {answer.HostId}{cells}, generation {answer.Generation}");
    }

    /// <summary>
    /// The answer carries the host as it is: the next choice knows it. Only a refusal on the very pools that
    /// the host was chosen on counts as an attempt.
    /// </summary>
    public void NotClaimed(Boot boot, ClaimRejected answer)
    {
        hosts.Apply(new(answer.HostId, answer.Version, answer.Online, answer.Pools, answer.NumaCells));
        Note(boot, Step.Claim, $"{answer.HostId} refused: {answer.Reason}");
        var chosenOnStalePools =
            answer.Code != "invalid"
            && (answer.Version > boot.Attempt!.PoolsVersion || answer.Code is "conflict" or "too-late");
        if (!chosenOnStalePools)
            AttemptFailed(boot, "claim", answer.Reason);
    }

    public void Bound(Boot boot, PortsBound answer)
    {
        boot.Attempt = boot.Attempt! with { Bindings = answer.Bindings };
        Note(boot, Step.Bind, $"{answer.Bindings.Count} ports to {answer.HostId}");
    }

    public void NotBound(Boot boot, PortBindingFailed answer)
    {
        Note(boot, Step.Bind, answer.Reason);
        AttemptFailed(boot, "binding", answer.Reason);
        boot.GivenUp |= answer.Permanent;
    }

    /// <summary>
    /// The attempt on this host failed; another host may be tried when all of it was taken back.
    /// </summary>
    public static void AttemptFailed(Boot boot, string code, string reason)
    {
        var hostId = boot.Attempt!.HostId;
        boot.Attempts++;
        boot.Failure ??= new(code, $"{hostId}: {reason}");
        boot.TriedHosts[hostId] = new(hostId, code, reason, Missing: 0);
    }

    /// <summary>An attempt failed because a step was not answered in time.</summary>
    public void Unanswered(Boot boot, string step)
    {
        var reason = $"{step} was not answered by its deadline, for claim {boot.Attempt!.ClaimId}.";
        Note(boot, step, reason);
        AttemptFailed(boot, "timeout", reason);
    }

    public void GiveUp(Boot boot, string step, string code, string reason)
    {
        boot.Failure ??= new(code, reason);
        boot.GivenUp = true;
        Note(boot, step, reason);
    }

    public void Stuck(Boot boot, string step, string reason)
    {
        boot.StuckSteps[step] = reason;
        Note(boot, step, $"could not be taken back: {reason}");
    }

    /// <summary>
    /// Waits for the answer to a step. A wait again for the same step and claim has the next round's number.
    /// </summary>
    public void Await(Boot boot, string step)
    {
        var claimId = boot.Attempt?.ClaimId ?? Guid.Empty;
        var again = boot.Deadline is { } last && last.Step == step && last.ClaimId == claimId;
        boot.Deadline = new(step, claimId, again ? boot.Deadline!.Round + 1 : 0, LimitOf(step));
    }

    public bool MayAskAgain(Boot boot) => boot.Deadline!.Round + 1 < options.AsksMax;

    public void Note(Boot boot, string step, string text)
    {
        // The beginning says how it came, the end how it stands: what is too much goes from the middle.
        if (boot.Timeline.Count == TimelineMax)
            boot.Timeline.RemoveAt(TimelineMax / 2);
        boot.Timeline.Add(new(clock.GetUtcNow(), step, text));
    }

    private TimeSpan LimitOf(string step) => step switch
    {
        Step.Resolve => options.ResolveTimeout,
        Step.Claim => options.ClaimTimeout,
        Step.Bind => options.BindTimeout,
        Step.Plug => options.PlugTimeout,
        Step.Confirm => options.ConfirmTimeout,
        Step.Stuck => options.StuckInterval,
        _ => options.UndoTimeout,
    };

    private static string NoHostReason(Boot boot, Wish wish, Choice.NoHost none)
    {
        var hostCount = none.Counts.Values.Sum();
        if (hostCount == 0)
            return wish.HostId is null
                ? "No host is known: start a host agent, and let it report."
                : $"Host {wish.HostId} is not known: correct placement.hostId, or start its agent.";
        var counts = string.Join(
            ", ", none.Counts.OrderByDescending(c => c.Value).Select(c => $"{c.Value} {c.Key}"));
        var requests = wish.Demand.Requests.Count;
        return $"None of {hostCount} hosts fits {boot.VmId}'s {requests} PCI requests: {counts}."
            + (none.NearestMiss is null ? "" : $" {none.NearestMiss}");
    }

    private static string Describe(ResolvedPort port) =>
        $"{port.VnicType} on {port.PhysicalNetwork ?? "no physical network"}";

    private static string Addresses(IReadOnlyList<ClaimedDevice> devices) =>
        devices.Count == 0 ? "no function" : string.Join(", ", devices.Select(device => device.Address));
}
