using System.Collections.Immutable;
using Platform.Pci;

namespace Platform.Inventory.Domain;

/// <summary>
/// Everything about the PCI functions of one host: one stream, one consistency boundary. Who owns a function
/// is decided here and nowhere else.
/// </summary>
/// <param name="Version">Of the stream: how many events happened. A claim's generation is the version at its
/// grant.</param>
/// <param name="Online">Its agent lives and has reported all it has: the host is offered.</param>
/// <param name="Claims">Claims that hold functions, or whose functions are being cleaned.</param>
/// <param name="Released">Claims that are over and done with.</param>
/// <param name="Fences">By function, the highest generation released: its agent refuses plugs at or below it.
/// Outlives the function, which may come back.</param>
/// <param name="Cells">Its NUMA cells, lowest first; none when its agent does not say.</param>
public sealed record HostInventory(
    long Version,
    AgentLife Agent,
    bool Online,
    ImmutableSortedDictionary<PciAddress, Function> Functions,
    ImmutableSortedDictionary<Guid, Claim> Claims,
    ImmutableSortedDictionary<Guid, Tombstone> Released,
    ImmutableSortedDictionary<PciAddress, long> Fences,
    IReadOnlyList<NumaCell> Cells)
{
    public static readonly HostInventory Empty = new(
        0, AgentLife.None, false,
        ImmutableSortedDictionary<PciAddress, Function>.Empty, ImmutableSortedDictionary<Guid, Claim>.Empty,
        ImmutableSortedDictionary<Guid, Tombstone>.Empty, ImmutableSortedDictionary<PciAddress, long>.Empty,
        []);

    /// <summary>
    /// How long the end of a claim is remembered at least: longer than any command can be late.
    /// </summary>
    public static readonly TimeSpan Remembrance = TimeSpan.FromHours(24);

    // Old tombstones are looked for at every so many new ones, so that replay does not go through them at
    // each event.
    private const int BurialsBetweenPrunings = 64;

    public bool IsOver(Guid claimId) => Released.ContainsKey(claimId)
        || (Claims.TryGetValue(claimId, out var claim) && claim.ReleasedAt is not null);

    /// <summary>The functions of a released claim that are not clean yet.</summary>
    public IReadOnlyList<PciAddress> BeingCleaned(Guid claimId) => !Claims.TryGetValue(claimId, out var claim)
        ? []
        :
        [
            .. claim.Picks.Select(pick => pick.Address).Where(address => claim.ReleasedAt is not null
                && Functions.TryGetValue(address, out var function) && function.ClaimId == claimId),
        ];

    public HostInventory Evolve(HostEvent happened)
    {
        var host = happened switch
        {
            HostAdmitted e => this with { Agent = Agent.Next(e.InstanceId, e.Epoch), Online = false },
            DevicesObserved e => Observe(e),
            NumaCellsObserved e => this with { Cells = e.Cells },
            HostAppeared => this with { Online = true },
            HostFellSilent => this with { Online = false },
            ClaimGranted e => Grant(e),
            LeaseLifted e => Confirm(e.ClaimId),
            ClaimReleased e => Release(e),
            FunctionsCleaned e => (this with { Functions = Freed(e.Addresses) }).Settle(e.ClaimId, e.At),
            FunctionQuarantined e => Quarantine(e).Settle(e.ClaimId, e.At),
            _ => throw new InvalidOperationException($"{happened.GetType().Name} has no meaning for a host."),
        };
        return host with { Version = Version + 1 };
    }

    private HostInventory Observe(DevicesObserved happened)
    {
        var functions = Functions.ToBuilder();
        foreach (var loss in happened.Lost)
        {
            if (functions[loss.Address] is { Use: not Use.Free } inUse)
                functions[loss.Address] = inUse with { Loss = loss.Reason, Altered = null };
            else
                functions.Remove(loss.Address);
        }

        foreach (var device in happened.Seen)
            functions[device.Address] =
                functions.TryGetValue(device.Address, out var known) ? known.See(device) : new(device);

        return this with
        {
            Functions = functions.ToImmutable(),
            Agent = Agent with { Sequence = happened.Sequence },
        };
    }

    private HostInventory Confirm(Guid claimId) =>
        this with { Claims = Claims.SetItem(claimId, Claims[claimId] with { Confirmed = true }) };

    private HostInventory Grant(ClaimGranted happened) => this with
    {
        Functions = Functions.SetItems(happened.Picks.Select(pick => KeyValuePair.Create(
            pick.Address, Functions[pick.Address] with { Use = Use.Held, ClaimId = happened.ClaimId }))),
        Claims = Claims.Add(happened.ClaimId, new(
            happened.BootId, happened.VmId, Version + 1, happened.Picks, happened.LeaseUntil,
            Confirmed: false, ReleasedAt: null, Quarantined: [], happened.GuestCells)),
    };

    private HostInventory Release(ClaimReleased happened)
    {
        if (!Claims.TryGetValue(happened.ClaimId, out var claim))
            return Bury(happened.ClaimId, new(happened.BootId, happened.At, 0, [], []));

        var addresses = claim.Picks.Select(pick => pick.Address).ToList();
        var released = this with
        {
            Claims = Claims.SetItem(happened.ClaimId, claim with { ReleasedAt = happened.At }),
            Functions = Functions.SetItems(addresses.Select(address =>
                KeyValuePair.Create(address, Functions[address] with { Use = Use.Cleaning }))),
            Fences = Fences.SetItems(
                addresses.Select(address => KeyValuePair.Create(address, claim.Generation))),
        };
        // One without functions has nothing to be cleaned, and is over.
        return released.Settle(happened.ClaimId, happened.At);
    }

    private ImmutableSortedDictionary<PciAddress, Function> Freed(IReadOnlyList<PciAddress> addresses)
    {
        var functions = Functions.ToBuilder();
        foreach (var address in addresses)
        {
            if (functions[address].LastSeen() is { } device)
                functions[address] = new(device);
            else
                functions.Remove(address);
        }

        return functions.ToImmutable();
    }

    private HostInventory Quarantine(FunctionQuarantined happened)
    {
        var claim = Claims[happened.ClaimId];
        var function = Functions[happened.Address];
        return this with
        {
            Functions = Functions.SetItem(
                happened.Address, function with { Use = Use.Quarantined, ClaimId = null }),
            Claims = Claims.SetItem(
                happened.ClaimId, claim with { Quarantined = [.. claim.Quarantined, happened.Address] }),
        };
    }

    private HostInventory Settle(Guid claimId, DateTimeOffset at)
    {
        var claim = Claims[claimId];
        if (claim.Picks.Any(pick =>
            Functions.TryGetValue(pick.Address, out var function) && function.ClaimId == claimId))
            return this;

        var cleaned = claim.Picks.Select(pick => pick.Address).Except(claim.Quarantined).ToList();
        return (this with { Claims = Claims.Remove(claimId) })
            .Bury(claimId, new(claim.BootId, at, claim.Generation, cleaned, claim.Quarantined));
    }

    private HostInventory Bury(Guid claimId, Tombstone tombstone)
    {
        var released = Released.Add(claimId, tombstone);
        if (released.Count % BurialsBetweenPrunings == 0)
            released = released.RemoveRange(
                released.Where(old => old.Value.At < tombstone.At - Remembrance).Select(old => old.Key));
        return this with { Released = released };
    }
}
