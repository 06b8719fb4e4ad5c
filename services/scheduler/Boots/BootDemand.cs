using Platform.Pci;
using Platform.Pci.Requests;
using Platform.Scheduler.Domain;

namespace Platform.Scheduler.Boots;

/// <summary>What a boot asks of its host: its NICs, its devices, and how they shall lie (C2-C17).</summary>
internal static class BootDemand
{
    public static Wish WishOf(Boot boot) =>
        new(Of(boot), boot.Placement?.HostId, boot.Placement?.Hosts == HostOrder.Pack);

    public static Demand Of(Boot boot)
    {
        var requests = boot.Needs.Zip(boot.Nics)
            .Select(pair => (Name: pair.Second.PortId, Request: RequestOf(pair.First, pair.Second.Pin, boot)))
            .Where(pair => pair.Request is not null)
            .Select(pair => (pair.Name, Request: pair.Request!))
            .Concat(boot.Devices.Select(need => (Name: need.Alias, Request: RequestOf(need))))
            .ToList();
        var groups = (boot.Placement?.Groups ?? []).Select(group =>
        {
            _ = GroupText.TryRead(group.Policy, group.By, out var grouping, out var by, out _);
            return new FunctionGroup(
                grouping, by,
                [
                    .. requests.Where(pair => group.Members?.Contains(pair.Name) != false)
                        .Select(pair => pair.Request.RequestId),
                ]);
        });
        // Where a guest without functions runs is nothing that a host's functions could decide.
        return new(
            [.. requests.Select(pair => pair.Request)], [.. groups],
            requests.Count > 0 ? boot.GuestCells : null);
    }

    // Nova's translation, and the kind of function that network-binding binds to such a port.
    private static PciRequest? RequestOf(NicNeed need, string? pin, Boot boot)
    {
        var needs = new PortNeeds(
            need.Port.VnicType, need.Port.PhysicalNetwork, need.Port.Trusted,
            // A policy that nobody knows binds nobody: network-binding refuses it where it is written.
            NumaPolicyText.Find(need.Port.NumaPolicy));
        if (needs.Request(boot.NumaPolicy) is not { } asked)
            return null;
        if (need.Port.VnicType is "direct" or "macvtap")
            asked = asked with
            {
                Spec =
                [
                    .. asked.Spec.Select(alternative =>
                        new Dictionary<string, string?>(alternative) { ["dev_type"] = DeviceType.Vf }),
                ],
            };
        return asked.For(need.RequestId) with { Pin = pin is null ? null : PciAddress.Parse(pin) };
    }

    private static PciRequest RequestOf(DeviceNeed need) =>
        new(need.RequestId, need.Count, need.Spec, need.NumaPolicy);
}
