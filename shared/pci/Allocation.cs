namespace Platform.Pci;

/// <summary>A function, and the request it is taken for.</summary>
public sealed record Allocated(Guid RequestId, PciDevice Device);

/// <summary>Functions for all of some requests, or for none and why.</summary>
public sealed record Allocation(IReadOnlyList<Allocated> Devices, Shortfall? Shortfall)
{
    /// <summary>
    /// Picks among devices that can be had, lowest addresses first; the same devices and requests give the
    /// same picks. Never a PF together with one of its own VFs.
    /// </summary>
    /// <remarks>
    /// PFs and VFs are first picked as if unrelated. Only when that takes a PF and its VF is it tried again
    /// without the one, then without the other: exact, and no work for the usual requests, which ask for VFs
    /// only.
    /// </remarks>
    public static Allocation Pick(IEnumerable<PciDevice> available, IReadOnlyList<PciRequest> requests) =>
        Pick(available.OrderBy(device => device.Address).ToList(), requests);

    private static Allocation Pick(List<PciDevice> available, IReadOnlyList<PciRequest> requests)
    {
        var picked = PickUnrelated(available, requests);
        if (picked.Shortfall is not null || FirstPfPickedWithItsVf(picked.Devices) is not { } pf)
            return picked;

        var withoutPf = Pick(available.FindAll(device => device.Address != pf), requests);
        return withoutPf.Shortfall is null
            ? withoutPf
            : Pick(available.FindAll(device => device.Parent != pf), requests);
    }

    private static PciAddress? FirstPfPickedWithItsVf(IReadOnlyList<Allocated> picked)
    {
        var parents = picked.Where(pick => pick.Device.Parent is not null)
            .Select(pick => pick.Device.Parent!.Value)
            .ToHashSet();
        return picked.FirstOrDefault(pick => parents.Contains(pick.Device.Address))?.Device.Address;
    }

    private static Allocation PickUnrelated(List<PciDevice> available, IReadOnlyList<PciRequest> requests)
    {
        var pools = available.GroupBy(PoolKey.Of).Select(pool => (pool.Key, Devices: pool.ToList())).ToList();
        var shares = new Assignment(
            [.. requests.Select(request => request.Count)],
            [.. pools.Select(pool => pool.Devices.Count)],
            (request, pool) => requests[request].Meets(pools[pool].Key));
        if (shares.Fill() is { } found)
            return new([], Fit.Explain(requests, found));

        var next = new int[pools.Count];
        var picked = new List<Allocated>();
        for (var request = 0; request < requests.Count; request++)
            for (var pool = 0; pool < pools.Count; pool++)
                for (var count = shares.Taken(request, pool); count > 0; count--)
                    picked.Add(new(requests[request].RequestId, pools[pool].Devices[next[pool]++]));
        return new(picked, null);
    }
}
