using System.Globalization;
using Platform.Pci;
using Platform.Scheduler.Domain;

namespace Platform.Bench.Placement;

/// <summary>Functions that belong apart or near to the guest: on one host, and among many.</summary>
internal static class TogetherBench
{
    public static void Run(int hosts)
    {
        var devices = Enumerable.Range(0, 8).SelectMany(pf => Enumerable.Range(0, 8).Select(vf => Vf(pf, vf)))
            .ToList();
        var one = Times.Of(1_000, _ => Place(devices, Apart(1)));
        var eight = Times.Of(500, _ => Place(devices, Apart(8)));
        var hard = Times.Of(50, _ => Place(Odd(), HardToRefuse(), expected: false));

        var near = Fleet.Index(Enumerable.Range(0, hosts).Select(host => Fleet.Twin(host, 32, true)));
        var bond = new Wish(NearGuest(Apart(2)));
        var choosing = Times.Of(500, _ => Fleet.Chosen(near.Choose(bond, Fleet.Untried)));
        var far = Fleet.Index(
            Enumerable.Range(0, hosts).Select(host => Fleet.Twin(host, 1 + host % 32, false)));
        var refusing = Times.Of(50, _ => Fleet.Refused(far.Choose(bond, Fleet.Untried)));

        Console.WriteLine($"1 request on a host    {one}");
        Console.WriteLine($"8 over 8 PFs           {eight}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"                       {eight.Median * 1e6 / 8:0.0} us a request: "
                + $"{eight.Median / 8 / one.Median:0.00} of one alone"));
        Console.WriteLine($"a host hard to refuse  {hard}");
        Console.WriteLine($"a choice, spread, near {choosing}");
        Console.WriteLine($"a refusal of the same  {refusing}");
    }

    private static void Place(List<PciDevice> devices, Demand demand, bool expected = true)
    {
        if (HostPlacement.Place(devices, [], demand).Allocation.Shortfall is null != expected)
            throw new InvalidOperationException("The host's answer is not the expected one.");
    }

    private static Demand Apart(int count)
    {
        var requests = Enumerable.Range(0, count).Select(_ => Fleet.Vf(0)).ToList();
        return new(
            requests,
            [new(Grouping.Spread, GroupedBy.Pf, [.. requests.Select(request => request.RequestId)])]);
    }

    private static Demand NearGuest(Demand demand) => demand with
    {
        Requests = [.. demand.Requests.Select(request => request with { NumaPolicy = NumaPolicy.Required })],
        GuestCells = 1,
    };

    // No two PFs are alike, and the eight that are spread must be packed on one as well.
    private static List<PciDevice> Odd() =>
    [
        .. from pf in Enumerable.Range(0, 16)
           from vf in Enumerable.Range(0, 8 + pf)
           select Vf(pf, vf),
    ];

    private static Demand HardToRefuse()
    {
        var apart = Apart(8);
        return apart with
        {
            Groups = [.. apart.Groups, apart.Groups[0] with { Grouping = Grouping.Pack }],
        };
    }

    private static PciDevice Vf(int pf, int index)
    {
        var slot = 2 + index / 8;
        return new(
            PciAddress.Parse($"0000:{pf:x2}:{slot:x2}.{index % 8}"), "8086", "154c", DeviceType.Vf,
            PciAddress.Parse($"0000:{pf:x2}:00.0"), index, NumaNode: 0, null, null,
            new([new("physical_network", "physnet0")]));
    }
}
