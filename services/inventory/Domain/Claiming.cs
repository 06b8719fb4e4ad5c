using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>What is asked of a host for one attempt of a boot.</summary>
/// <param name="Misread">What of the order could not be understood; null when all could.</param>
public sealed record ClaimOrder(
    Guid ClaimId, Guid BootId, string VmId, Demand Demand, TimeSpan Lease, DateTimeOffset NotAfter,
    string? Misread = null);

/// <summary>Gives a host's functions to claims.</summary>
public abstract record Claiming
{
    public const int MostRequests = 64;
    public const int MostGroups = 16;
    public const int MostGuestCells = 64;

    private Claiming()
    {
    }

    /// <summary>The claim holds these.</summary>
    public sealed record Held(
        long Generation, IReadOnlyList<Allocated> Devices, DateTimeOffset LeaseUntil,
        IReadOnlyList<int>? GuestCells) : Claiming;

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

        var (allocation, guestCells) = HostPlacement.Place(
            new Offer(host).Devices(), host.Cells, order.Demand);
        if (allocation.Shortfall is { } shortfall)
            return Refuse(host, "insufficient", shortfall.Reason);

        var picks = allocation.Devices
            .Select(taken => new Pick(taken.RequestId, taken.Device.Address))
            .ToList();
        var granted = new ClaimGranted(
            order.ClaimId, order.BootId, order.VmId, picks, now + order.Lease, guestCells);
        return (new Held(host.Version + 1, allocation.Devices, granted.LeaseUntil, guestCells), [granted]);
    }

    private static Held Answer(HostInventory host, Claim claim) => new(
        claim.Generation,
        [.. claim.Picks.Select(pick => new Allocated(pick.RequestId, host.Functions[pick.Address].Device))],
        claim.LeaseUntil,
        claim.GuestCells);

    private static (Claiming, IReadOnlyList<HostEvent>) Refuse(
        HostInventory host, string code, string reason) =>
        (new Refused(code, reason, host), []);

    /// <summary>What makes an order one that no host could ever carry out.</summary>
    private static string? Problem(ClaimOrder order, DateTimeOffset now)
    {
        if (order.ClaimId == Guid.Empty || order.BootId == Guid.Empty)
            return "The claim or its boot has no id.";
        if (order.Misread is { } misread)
            return misread;
        if (Problem(order.Demand) is { } unmeetable)
            return unmeetable;
        if (order.Lease <= TimeSpan.Zero || order.Lease > HostInventory.Remembrance)
            return $"The lease of {order.Lease} is not between 1 second and {HostInventory.Remembrance}.";
        return order.NotAfter > now + HostInventory.Remembrance
            ? $"The order is good until {order.NotAfter:O}, longer than the end of its claim is remembered: "
                + $"{HostInventory.Remembrance} from now."
            : null;
    }

    private static string? Problem(Demand demand)
    {
        if (demand.Requests.Count > MostRequests)
            return $"There are {demand.Requests.Count} requests: ask for at most {MostRequests}.";
        if (demand.Requests.FirstOrDefault(request => request.Count < 1) is { } few)
            return $"Request {few.RequestId} asks for {few.Count} functions: ask for 1 or more.";
        if (demand.Requests.FirstOrDefault(request => request.Spec.Count == 0) is { } vague)
            return $"Request {vague.RequestId} has no alternative that a function could meet.";
        var ids = demand.Requests.Select(request => request.RequestId).ToHashSet();
        if (ids.Count < demand.Requests.Count)
            return "Two requests have the same id.";
        if (demand.Groups.Count > MostGroups)
            return $"There are {demand.Groups.Count} groups: make at most {MostGroups}.";
        if (demand.Groups.SelectMany(group => group.RequestIds).Except(ids).ToList() is [var stranger, ..])
            return $"A group names request {stranger}, which is not of this claim.";
        return demand.GuestCells is < 1 or > MostGuestCells
            ? $"The guest has {demand.GuestCells} NUMA cells: give 1 to {MostGuestCells}, or none."
            : null;
    }
}
