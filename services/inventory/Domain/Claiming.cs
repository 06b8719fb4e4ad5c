using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>What is asked of a host for one attempt of a boot.</summary>
public sealed record ClaimOrder(
    Guid ClaimId, Guid BootId, string VmId, IReadOnlyList<PciRequest> Requests, TimeSpan Lease,
    DateTimeOffset NotAfter);

/// <summary>Gives a host's functions to claims.</summary>
public abstract record Claiming
{
    public const int MostRequests = 64;

    private Claiming()
    {
    }

    /// <summary>The claim holds these.</summary>
    public sealed record Held(
        long Generation, IReadOnlyList<Allocated> Devices, DateTimeOffset LeaseUntil) : Claiming;

    /// <summary>Nothing is held for the claim.</summary>
    public sealed record Refused(string Code, string Reason, HostInventory Host) : Claiming;

    /// <summary>
    /// Holds functions for all requests, or none. The order may come twice, or late: a claim that holds gets
    /// the same answer again, and one that is over never holds again.
    /// </summary>
    public static (Claiming Answer, IReadOnlyList<HostEvent> Events) Decide(
        HostInventory host, ClaimOrder order, DateTimeOffset now)
    {
        if (host.IsOver(order.ClaimId))
            return Refuse(host, "claim-released", "The claim is over: claim under another id.");
        if (host.Claims.TryGetValue(order.ClaimId, out var claim))
            return claim.BootId == order.BootId
                ? (Answer(host, claim), [])
                : Refuse(
                    host, "invalid", $"The claim belongs to boot {claim.BootId}: claim under another id.");
        if (Problem(order, now) is { } problem)
            return Refuse(host, "invalid", problem);
        if (host.Agent.Epoch == 0)
            return Refuse(host, "host-unknown", "No agent of this host was ever admitted.");
        if (now > order.NotAfter)
            return Refuse(
                host, "too-late", $"The claim was to be made until {order.NotAfter:O}; it is {now:O}.");
        if (!host.Online)
            return Refuse(host, "host-offline", "The host's agent is away or has not reported yet.");

        var allocation = Allocation.Pick(new Offer(host).Devices(), order.Requests);
        if (allocation.Shortfall is { } shortfall)
            return Refuse(host, "insufficient", shortfall.Reason);

        var picks = allocation.Devices
            .Select(taken => new Pick(taken.RequestId, taken.Device.Address))
            .ToList();
        var granted = new ClaimGranted(order.ClaimId, order.BootId, order.VmId, picks, now + order.Lease);
        return (new Held(host.Version + 1, allocation.Devices, granted.LeaseUntil), [granted]);
    }

    private static Held Answer(HostInventory host, Claim claim) => new(
        claim.Generation,
        [.. claim.Picks.Select(pick => new Allocated(pick.RequestId, host.Functions[pick.Address].Device))],
        claim.LeaseUntil);

    private static (Claiming, IReadOnlyList<HostEvent>) Refuse(
        HostInventory host, string code, string reason) =>
        (new Refused(code, reason, host), []);

    /// <summary>What makes an order one that no host could ever carry out.</summary>
    private static string? Problem(ClaimOrder order, DateTimeOffset now)
    {
        if (order.ClaimId == Guid.Empty || order.BootId == Guid.Empty)
            return "The claim or its boot has no id.";
        if (order.Requests.Count > MostRequests)
            return $"There are {order.Requests.Count} requests: ask for at most {MostRequests}.";
        if (order.Requests.FirstOrDefault(request => request.Count < 1) is { } few)
            return $"Request {few.RequestId} asks for {few.Count} functions: ask for 1 or more.";
        if (order.Requests.FirstOrDefault(request => request.Spec.Count == 0) is { } vague)
            return $"Request {vague.RequestId} has no alternative that a function could meet.";
        if (order.Requests.DistinctBy(request => request.RequestId).Count() < order.Requests.Count)
            return "Two requests have the same id.";
        if (order.Lease <= TimeSpan.Zero || order.Lease > HostInventory.Remembrance)
            return $"The lease of {order.Lease} is not between 1 second and {HostInventory.Remembrance}.";
        return order.NotAfter > now + HostInventory.Remembrance
            ? $"The order is good until {order.NotAfter:O}, longer than the end of its claim is remembered: "
                + $"{HostInventory.Remembrance} from now."
            : null;
    }
}
