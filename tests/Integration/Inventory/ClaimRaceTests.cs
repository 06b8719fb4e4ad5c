using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.EventStore;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;
using Platform.Pci;
using Platform.Support;

namespace Platform.Integration.Tests.Inventory;

/// <summary>Two processes' worth of claimers on one database, which alone decides between them.</summary>
public class ClaimRaceTests(TestServers servers)
{
    private const int Vfs = 50;
    private const int Claims = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("invariant", "1"), Trait("feature", "U1"), Trait("feature", "B31")]
    public async Task However_many_claim_at_once_a_function_is_never_given_twice()
    {
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabase(Stop));
        var store = new PostgresEventStore(database, HostView.Store());
        await store.EnsureSchema(Stop);
        using var one = new HostStreams(store, TimeProvider.System);
        using var other = new HostStreams(
            new PostgresEventStore(database, HostView.Store()), TimeProvider.System);
        await one.Decide("host-1", (_, _) => (true, Reported()), Stop);

        var answers = await Task.WhenAll(Enumerable.Range(0, Claims).Select(number =>
            Claim(number % 2 == 0 ? one : other, Guid.NewGuid())));

        Assert.Equal(Vfs, answers.OfType<Claiming.Held>().Count());
        Assert.All(answers.OfType<Claiming.Refused>(), refused => Assert.Equal("insufficient", refused.Code));
        var log = await store.FetchStream("host-1", 1, Stop);
        var given = log.Select(happened => happened.Data).OfType<ClaimGranted>()
            .SelectMany(granted => granted.Picks)
            .Select(pick => pick.Address)
            .ToList();
        Assert.Equal(Vfs, given.Count);
        Assert.Equal(Vfs, given.Distinct().Count());
        Assert.All(answers.OfType<Claiming.Held>(), held => Assert.Equal(
            Assert.Single(held.Devices).Device.Address,
            Assert.Single(((ClaimGranted)log[(int)held.Generation - 1].Data).Picks).Address));
    }

    private static Task<Claiming> Claim(HostStreams hosts, Guid claimId) => hosts.Decide(
        "host-1",
        (host, now) => Claiming.Decide(host, new(
            claimId, claimId, "vm",
            Demand.Of(new PciRequest(
                claimId, 1, [new Dictionary<string, string?> { ["physical_network"] = "physnet1" }])),
            TimeSpan.FromMinutes(1), now.AddMinutes(1)), now),
        Stop);

    private static IReadOnlyList<HostEvent> Reported() =>
    [
        new HostAdmitted("host-1", Guid.NewGuid(), 1),
        new DevicesObserved(1, 1,
            [
                .. Enumerable.Range(0, Vfs).Select(index => new PciDevice(
                    PciAddress.Parse($"0000:3b:{2 + index / 8:x2}.{index % 8}"), "15b3", "1018",
                    DeviceType.Vf, null, index, 0, null, null,
                    new DeviceTags([new("physical_network", "physnet1")]))),
            ], []),
        new HostAppeared(1),
    ];
}
