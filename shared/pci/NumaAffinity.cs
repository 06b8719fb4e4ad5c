namespace Platform.Pci;

/// <summary>A NUMA cell of a host.</summary>
/// <param name="Socket">The CPU socket it belongs to; null when the host does not say.</param>
public readonly record struct NumaCell(int Id, int? Socket);

/// <summary>
/// Where a guest with a NUMA topology will run, and so which functions are near to it (D10).
/// </summary>
public sealed class NumaAffinity
{
    private readonly HashSet<int> guest;
    private readonly HashSet<int> onItsSockets;

    private NumaAffinity(HashSet<int> guest, HashSet<int> onItsSockets)
    {
        this.guest = guest;
        this.onItsSockets = onItsSockets;
    }

    /// <summary>
    /// Of a guest on these cells of its host; null for a guest on none, which may have functions anywhere.
    /// When one cell has no socket, nothing is known of sockets, as in Nova.
    /// </summary>
    public static NumaAffinity? Of(IReadOnlyList<NumaCell> host, IEnumerable<int> guestCells)
    {
        var guest = guestCells.ToHashSet();
        if (guest.Count == 0)
            return null;
        var known = host.All(cell => cell.Socket is not null);
        var sockets = host.Where(cell => guest.Contains(cell.Id)).Select(cell => cell.Socket).ToHashSet();
        return new(
            guest,
            [.. host.Where(cell => known && sockets.Contains(cell.Socket)).Select(cell => cell.Id)]);
    }

    /// <summary>A function there is on a cell of the guest.</summary>
    public bool IsNear(int? node) => node is { } cell && guest.Contains(cell);

    /// <summary>A request with this policy may have a function there, when there is nothing nearer.</summary>
    public bool Allows(NumaPolicy policy, int? node) => policy switch
    {
        NumaPolicy.Required => IsNear(node),
        NumaPolicy.Socket => IsNear(node) || (node is { } cell && onItsSockets.Contains(cell)),
        NumaPolicy.Legacy => node is null || IsNear(node),
        _ => true,
    };

    public override string ToString() =>
        $"NUMA {(guest.Count == 1 ? "cell" : "cells")} {string.Join(", ", guest.Order())}";
}
