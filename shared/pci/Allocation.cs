namespace Platform.Pci;

/// <summary>A function, and the request it is taken for.</summary>
public sealed record Allocated(Guid RequestId, PciDevice Device);

/// <summary>Functions for all of some requests, or for none and why.</summary>
public sealed record Allocation(IReadOnlyList<Allocated> Devices, Shortfall? Shortfall)
{
    // Cards of one host differ in few ways; so many tries only a made-up host and boot can want.
    private const int TriesMax = 2000;

    /// <summary>
    /// Picks among devices that can be had, lowest addresses first; the same devices and requests give the
    /// same picks. Never a PF together with one of its own VFs.
    /// </summary>
    public static Allocation Pick(
        IEnumerable<PciDevice> available, IReadOnlyList<PciRequest> requests, NumaAffinity? numa = null) =>
        DevicePools.Of(available.OrderBy(device => device.Address)).Consume(requests, numa).Allocation;

    /// <summary>
    /// Functions for all requests when any way to give them exists. PFs and VFs are first picked as if
    /// unrelated. Only when that takes a PF and its VF is it tried again without the PF. When that fails
    /// every way takes the PF, and so every PF that no request can tell from it; then without their VFs.
    /// </summary>
    internal static Allocation Exactly(
        DevicePools available, IReadOnlyList<PciRequest> requests, NumaAffinity? numa)
    {
        var triesLeft = TriesMax;
        return Exactly(available, requests, numa, ref triesLeft);
    }

    private static Allocation Exactly(
        DevicePools available, IReadOnlyList<PciRequest> requests, NumaAffinity? numa, ref int triesLeft)
    {
        if (triesLeft-- <= 0)
            return GivenUp(available, requests);
        var picked = PickUnrelated(available, requests, numa);
        if (picked.Shortfall is not null || FirstPfPickedWithItsVf(picked.Devices) is not { } pf)
            return picked;

        var withoutPf = Exactly(available.Remove(pf)!, requests, numa, ref triesLeft);
        return withoutPf.Shortfall is null
            ? withoutPf
            : Exactly(
                available.AlikePfs(pf).Aggregate(available, (left, alike) => left.WithoutVfsOf(alike)),
                requests, numa, ref triesLeft);
    }

    // More ways to share PFs and VFs out than are tried: refused, as a host without room is.
    private static Allocation GivenUp(DevicePools available, IReadOnlyList<PciRequest> requests) => new(
        [],
        new(
            [.. requests.Select(request => request.RequestId)],
            requests.Sum(request => (long)request.Count),
            available.Devices.Count(),
            $"no way was found in {TriesMax} tries to give PFs and VFs of other PFs together"));

    private static PciAddress? FirstPfPickedWithItsVf(IReadOnlyList<Allocated> picked)
    {
        var parents = picked.Where(pick => pick.Device.Parent is not null)
            .Select(pick => pick.Device.Parent!.Value)
            .ToHashSet();
        return picked.FirstOrDefault(pick => parents.Contains(pick.Device.Address))?.Device.Address;
    }

    private static Allocation PickUnrelated(
        DevicePools available, IReadOnlyList<PciRequest> requests, NumaAffinity? numa)
    {
        var pools = available.Count();
        var shares = Fit.Share(pools, requests, numa);
        if (shares.Fill() is { } found)
            return new([], Fit.Explain(requests, found, numa));

        var next = new int[pools.Count];
        var picked = new List<Allocated>();
        for (var request = 0; request < requests.Count; request++)
            for (var pool = 0; pool < pools.Count; pool++)
                for (var count = shares.Taken(request, pool); count > 0; count--)
                    picked.Add(new(requests[request].RequestId, available.Next(pool, next[pool]++)));
        return new(picked, null);
    }
}
