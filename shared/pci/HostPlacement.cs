namespace Platform.Pci;

/// <summary>Functions for all that a demand asks, or for none of it and why.</summary>
/// <param name="GuestCells">The NUMA cells of the host that the guest shall run on, lowest first; null when
/// nothing was asked of them, or nothing was found.</param>
public sealed record Placed(Allocation Allocation, IReadOnlyList<int>? GuestCells);

/// <summary>
/// Which functions of a host a boot gets, and on which NUMA cells its guest runs: requests, pins, groups and
/// NUMA policies seen together (D9, D10, D13, D16; U18, U19). Inventory and scheduler ask the same question.
/// </summary>
public static class HostPlacement
{
    // The ways to choose 4 of 16 cells, or any of 10; beyond that a guest is put on the first ones.
    private const int CellSetsMax = 2000;

    /// <summary>
    /// The same devices, cells and demand give the same answer: lowest addresses first, on the cells that
    /// have the most of the functions near.
    /// </summary>
    /// <param name="available">Devices that can be had.</param>
    /// <param name="cells">The host's; when it says none, those that its devices are on.</param>
    public static Placed Place(
        IEnumerable<PciDevice> available, IReadOnlyList<NumaCell> cells, Demand demand)
    {
        var devices = available.OrderBy(device => device.Address).ToList();
        return demand.GuestCells is { } count
            ? OnCells(devices, cells, demand, count)
            : new(GroupSearch.Find(devices, demand, null, new()), null);
    }

    private static Placed OnCells(
        List<PciDevice> devices, IReadOnlyList<NumaCell> cells, Demand demand, int count)
    {
        if (cells.Count == 0)
            cells =
            [
                .. devices.Select(device => device.NumaNode).OfType<int>().Distinct().Order()
                    .Select(id => new NumaCell(id, null)),
            ];
        if (count > cells.Count)
            return new(None(new(
                [.. demand.Requests.Select(request => request.RequestId)], count, cells.Count,
                $"a guest of {count} NUMA cells asked, the host tells of {cells.Count}", Lack.Numa)), null);

        Placed? best = null;
        var mostNear = -1;
        Shortfall? nearest = null;
        // Shared by all cells: else each could be searched to the end.
        var tries = new GroupSearch.Tries();
        foreach (var guest in Sets([.. cells.Select(cell => cell.Id).Order()], count).Take(CellSetsMax))
        {
            var numa = NumaAffinity.Of(cells, guest);
            var found = GroupSearch.Find(devices, demand, numa, tries);
            if (found.Shortfall is { } shortfall)
            {
                if (nearest is null || shortfall.Asked - shortfall.Free < nearest.Asked - nearest.Free)
                    nearest = shortfall;
                if (tries.Left <= 0)
                    break;
                continue;
            }

            var near = found.Devices.Count(taken => numa?.IsNear(taken.Device.NumaNode) != false);
            if (near > mostNear)
                (best, mostNear) = (new(found, guest), near);
            if (near == found.Devices.Count)
                break;
        }

        return best ?? new(None(Why(devices, demand, nearest!, tries)), null);
    }

    // Without the guest's cells it would do: then these are what is wrong.
    private static Shortfall Why(
        List<PciDevice> devices, Demand demand, Shortfall nearest, GroupSearch.Tries tries) =>
        GroupSearch.Find(devices, demand, null, tries).Shortfall ?? nearest with { Lack = Lack.Numa };

    private static Allocation None(Shortfall shortfall) => new([], shortfall);

    /// <summary>All sets of so many of the ids, the lowest first.</summary>
    private static IEnumerable<IReadOnlyList<int>> Sets(IReadOnlyList<int> ids, int count)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }

        for (var first = 0; first <= ids.Count - count; first++)
            foreach (var others in Sets([.. ids.Skip(first + 1)], count - 1))
                yield return [ids[first], .. others];
    }
}
