using Platform.Contracts.Inventory;
using Platform.Pci;
using Platform.Scheduler.Domain;
using Platform.Scheduler.Placement;

namespace Platform.Unit.Tests.Scheduler;

/// <summary>Random fleets, updates and boots: the index answers what a look at every host answers.</summary>
public sealed class HostIndexLawsTests
{
    private static readonly string[] Networks = ["physnet1", "physnet2", "physnet3"];

    [Fact, Trait("feature", "D2"), Trait("feature", "U21")]
    public void The_index_agrees_with_a_look_at_every_host()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var (index, fleet) = (new HostIndex(), new Fleet());
            for (var step = 0; step < 150; step++)
                if (random.Next(2) == 0)
                {
                    var change = Change(random);
                    index.Apply(change);
                    fleet.Apply(change);
                }
                else
                    BothChoose(index, fleet, RandomWish(random), Tried(random));
        }
    }

    private static void BothChoose(
        HostIndex index, Fleet fleet, Wish wish, Dictionary<string, Refusal> tried)
    {
        var best = fleet.Best(wish, tried);
        switch (index.Choose(wish, tried))
        {
            case Choice.Chosen chosen:
                Assert.Contains(chosen.HostId, best);
                fleet.Assume(chosen, wish.Demand.Requests);
                break;
            case Choice.NoHost none:
                Assert.Empty(best);
                Assert.Equal(fleet.CountFor(wish), none.Counts.Values.Sum());
                break;
        }
    }

    private static PoolsChanged Change(Random random) => new(
        $"host-{random.Next(8)}", random.Next(1, 40), random.Next(6) > 0,
        [
            .. from network in Networks
               from type in new[] { DeviceType.Vf, DeviceType.Pf }
               where random.Next(2) == 0
               select RandomPool(random, network, type),
        ],
        random.Next(2) == 0 ? null : [new(0, 0), new(1, 1)]);

    private static DevicePool RandomPool(Random random, string network, string type)
    {
        var vendor = random.Next(2) == 0 ? "8086" : "15b3";
        var free = Enumerable.Range(0, 2).ToDictionary(
            pf => $"0000:0{Array.IndexOf(Networks, network)}:00.{pf}",
            _ => random.Next(type == DeviceType.Pf ? 2 : 3));
        return new(
            vendor, "154c", type, random.Next(2),
            new Dictionary<string, string?> { ["physical_network"] = network }, free.Values.Sum(), 4,
            random.Next(8) == 0 ? null : free);
    }

    private static Wish RandomWish(Random random)
    {
        var requests = Requests(random)
            .Select(request => request with { RequestId = Guid.NewGuid() }).ToArray();
        var demand = Demand.Of(requests);
        if (random.Next(3) == 0)
            demand = demand with { GuestCells = random.Next(1, 3) };
        if (random.Next(3) == 0)
            demand = demand with
            {
                Groups =
                [
                    new(
                        (Grouping)random.Next(2), (GroupedBy)random.Next(2),
                        [.. requests.Select(request => request.RequestId)]),
                ],
            };
        return new(demand, random.Next(6) == 0 ? $"host-{random.Next(8)}" : null, random.Next(3) == 0);
    }

    private static PciRequest[] Requests(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(4) == 0
            ? random.Next(8) == 0 ? new PciRequest(Guid.Empty, 1, []) : new PciRequest(
                Guid.Empty, random.Next(3),
                [new Dictionary<string, string?> { ["vendor_id"] = random.Next(2) == 0 ? "8086" : "15b3" }])
            : Wishes.Port(
                random.Next(4) == 0 ? "direct-physical" : "direct",
                Networks[random.Next(Networks.Length)], Guid.Empty)),
    ];

    private static Dictionary<string, Refusal> Tried(Random random) => random.Next(3) > 0
        ? []
        : new[] { $"host-{random.Next(8)}" }.ToDictionary(id => id, id => new Refusal(id, "plug", "No.", 0));

    /// <summary>The same, host by host.</summary>
    private sealed class Fleet
    {
        private readonly Dictionary<string, KnownHost> hosts = [];

        public int CountFor(Wish wish) =>
            hosts.Keys.Count(hostId => wish.HostId is null || wish.HostId == hostId);

        public void Apply(PoolsChanged change)
        {
            if (!hosts.TryGetValue(change.HostId, out var known) || known.Version <= change.Version)
                hosts[change.HostId] = new(
                    change.HostId, change.Version, change.Online,
                    [
                        .. change.Pools.Select(pool => new Pool(
                            pool.VendorId, pool.ProductId, pool.DeviceType, pool.NumaNode, new(pool.Tags),
                            pool.Free, pool.Total, PfCounts.Read(pool.FreeByPf, pool.Free))),
                    ],
                    [.. (change.NumaCells ?? []).Select(cell => new NumaCell(cell.Id, cell.Socket))],
                    Assumed: 0);
        }

        public void Assume(Choice.Chosen chosen, IReadOnlyList<PciRequest> requests) =>
            hosts[chosen.HostId] = hosts[chosen.HostId] with
            {
                Assumed = hosts[chosen.HostId].Assumed + requests.Sum(request => request.Count),
            };

        /// <summary>One host for each request that is as scarce as any; none, when nothing fits.</summary>
        public IReadOnlyList<string> Best(Wish wish, Dictionary<string, Refusal> tried)
        {
            var fitting = hosts.Values
                .Where(host => host.Online && !tried.ContainsKey(host.HostId))
                .Where(host => wish.HostId is null || wish.HostId == host.HostId)
                .Where(host => PoolShape.Lack(host.Pools, host.NumaCells, wish.Demand) is null)
                .ToList();
            if (fitting.Count < 2)
                return [.. fitting.Select(host => host.HostId)];
            var asked = wish.Demand.Requests.Where(request => request.Count > 0).ToList();
            if (asked.Count == 0)
                return [First(fitting, host => -Free(host, null) - host.Assumed)];
            var least = asked.Min(FreeOfAll);
            return
            [
                .. asked.Where(request => FreeOfAll(request) == least)
                    .Select(request => wish.Pack
                        ? Fullest(fitting, host => Free(host, request) - host.Assumed, asked
                            .Where(other => RequestKind.Of(other) == RequestKind.Of(request))
                            .Sum(other => other.Count))
                        : First(fitting, host => Free(host, request) - host.Assumed)),
            ];
        }

        private static string Fullest(List<KnownHost> fitting, Func<KnownHost, int> rank, int least) =>
            fitting.Where(host => rank(host) >= least).OrderBy(rank)
                .ThenByDescending(host => host.HostId, StringComparer.Ordinal).FirstOrDefault()?.HostId
            ?? First(fitting, rank);

        private static string First(List<KnownHost> fitting, Func<KnownHost, int> rank) => fitting
            .OrderByDescending(rank).ThenBy(host => host.HostId, StringComparer.Ordinal).First().HostId;

        private int FreeOfAll(PciRequest request) =>
            hosts.Values.Where(host => host.Online).Sum(host => Free(host, request));

        private static int Free(KnownHost host, PciRequest? request) =>
            host.Pools.Where(pool => request?.Meets(pool) ?? true).Sum(pool => pool.Free);
    }
}
