using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

/// <summary>
/// Small hosts and demands at random, and the slow way to answer them: every way to give devices to requests.
/// </summary>
internal static class RandomDemands
{
    public static List<PciDevice> Devices(Random random) =>
    [
        .. from pf in Enumerable.Range(0, 3)
           let node = random.Next(4) == 0 ? (int?)null : random.Next(2)
           let network = $"physnet{random.Next(2)}"
           from device in Enumerable.Range(0, random.Next(3))
               .Select(index => Cards.Vf(pf, index, ("physical_network", network)))
               .Append(Cards.Pf(pf, ("physical_network", network)))
           where random.Next(5) > 0
           // The last two PFs are on one card.
           let address = pf < 2 ? device.Address : OnTheSecondCard(device.Address)
           select device with
           {
               Address = address,
               NumaNode = node,
               Parent = device.Parent is { } parent && pf == 2 ? OnTheSecondCard(parent) : device.Parent,
           },
    ];

    public static Demand Demand(Random random, List<PciDevice> devices)
    {
        var requests = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Request(random, devices)).ToList();
        var groups = Enumerable.Range(0, random.Next(3))
            .Select(_ => new FunctionGroup(
                random.Next(2) == 0 ? Grouping.Spread : Grouping.Pack,
                random.Next(2) == 0 ? GroupedBy.Pf : GroupedBy.Card,
                [.. requests.Where(_ => random.Next(4) > 0).Select(request => request.RequestId)]))
            .ToList();
        return new(requests, groups, random.Next(2) == 0 ? null : random.Next(1, 3));
    }

    public static bool SomeWay(List<PciDevice> devices, NumaCell[] cells, Demand demand)
    {
        IReadOnlyList<int>?[] guests = demand.GuestCells switch
        {
            null => [null],
            1 => [[0], [1]],
            _ => [[0, 1]],
        };
        var wanted = demand.Requests
            .SelectMany(request => Enumerable.Repeat(request, request.Count)).ToList();
        return guests.Any(guest => SomeWay(devices, cells, guest, demand, wanted, []));
    }

    public static bool IsGood(
        IReadOnlyList<Allocated> taken, NumaCell[] cells, IReadOnlyList<int>? guest, Demand demand) =>
        demand.Requests.All(request =>
            taken.Count(one => one.RequestId == request.RequestId) == request.Count)
        && taken.DistinctBy(one => one.Device.Address).Count() == taken.Count
        && taken.All(one => IsMet(
            demand.Requests.First(request => request.RequestId == one.RequestId), one.Device, cells, guest))
        && !taken.Any(one => taken.Any(other => other.Device.Parent == one.Device.Address))
        && demand.Groups.All(group => IsKept(group, taken));

    private static bool SomeWay(
        List<PciDevice> devices, NumaCell[] cells, IReadOnlyList<int>? guest, Demand demand,
        List<PciRequest> wanted, List<Allocated> taken) =>
        taken.Count == wanted.Count
            ? IsGood(taken, cells, guest, demand)
            : devices.Where(device => taken.All(one => one.Device != device)).Any(device => SomeWay(
                devices, cells, guest, demand, wanted,
                [.. taken, new(wanted[taken.Count].RequestId, device)]));

    private static bool IsMet(
        PciRequest request, PciDevice device, NumaCell[] cells, IReadOnlyList<int>? guest) =>
        request.Meets(device)
        && (request.Pin is not { } pin || device.Address == pin || device.Parent == pin)
        && (guest is null
            || NumaAffinity.Of(cells, guest)!
                .Allows(request.NumaPolicy ?? NumaPolicy.Legacy, device.NumaNode));

    private static bool IsKept(FunctionGroup group, IReadOnlyList<Allocated> taken)
    {
        var members = taken.Where(one => group.RequestIds.Contains(one.RequestId)).ToList();
        var places = members.Select(one => (one.Device.Parent ?? one.Device.Address).ToString())
            .Select(pf => group.By == GroupedBy.Pf ? pf : pf[..10]).Distinct().Count();
        return group.Grouping == Grouping.Spread ? places == members.Count : places <= 1;
    }

    private static PciRequest Request(Random random, List<PciDevice> devices)
    {
        (string, string?)[] spec = random.Next(4) switch
        {
            0 => [],
            1 => [("dev_type", DeviceType.Pf)],
            2 => [("physical_network", "physnet0")],
            _ => [("physical_network", "physnet1"), ("dev_type", DeviceType.Vf)],
        };
        var request = Cards.Request(Guid.NewGuid(), random.Next(1, 3), spec) with
        {
            NumaPolicy = random.Next(2) == 0 ? null : (NumaPolicy)random.Next(4),
        };
        if (devices.Count == 0 || random.Next(5) > 0)
            return request;
        var device = devices[random.Next(devices.Count)];
        return request with { Pin = random.Next(2) == 0 ? device.Address : device.Parent };
    }

    private static PciAddress OnTheSecondCard(PciAddress address) => PciAddress.Parse(
        address.Slot == 0 ? "0000:02:00.1" : $"0000:02:04.{address.Function}");
}
