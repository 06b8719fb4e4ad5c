namespace Platform.NetworkBinding.Domain;

/// <summary>What can happen to a name that only one may have.</summary>
public abstract record ReservationEvent;

/// <summary>Somebody has it.</summary>
public sealed record NameTaken(string Owner) : ReservationEvent;

/// <summary>Nobody has it any more.</summary>
public sealed record NameFreed : ReservationEvent;

/// <summary>
/// A name that at most one network or port may have: a VLAN of a physical network, a MAC address of a
/// network. A stream of its own, so that two who want it at once meet on its version.
/// </summary>
public sealed record Reservation(string? Owner)
{
    public static readonly Reservation Free = new((string?)null);

    public Reservation Evolve(ReservationEvent happened) => happened switch
    {
        NameTaken e => new(e.Owner),
        NameFreed => Free,
        _ => throw new InvalidOperationException(
            $"{happened.GetType().Name} has no meaning for a reservation."),
    };
}
