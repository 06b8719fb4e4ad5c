using System.Text.Json;
using Platform.Inventory.Consumers;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;
using Platform.Pci;

namespace Platform.Unit.Tests.Inventory;

public class StoredHostTests
{
    private static readonly HostEvent[] OneOfEach =
    [
        new HostAdmitted("host-1", Hosts.Instance, 1),
        new DevicesObserved(1, 1, [Hosts.Physical(), .. Hosts.Vfs(3)], []),
        new NumaCellsObserved(1, [new(0, 0), new(1, null)]),
        new HostAppeared(1),
        new ClaimGranted(Hosts.Claim(1), Hosts.Boot(1), "vm-1",
            [new(Hosts.Boot(8), Hosts.VfAddress(0)), new(Hosts.Boot(8), Hosts.VfAddress(1))], Hosts.Start),
        new LeaseLifted(Hosts.Claim(1)),
        new DevicesObserved(1, 2, [], [new(Hosts.VfAddress(1), "pulled")]),
        new ClaimReleased(Hosts.Claim(1), Hosts.Boot(1), ReleaseCause.Requested, "over", Hosts.Start),
        new FunctionsCleaned(Hosts.Claim(1), [Hosts.VfAddress(0)], Hosts.Start),
        new FunctionQuarantined(Hosts.Claim(1), Hosts.VfAddress(1), "stuck", Hosts.Start),
        new HostFellSilent(1, "silent"),
    ];

    [Fact]
    public void Every_kind_of_event_has_a_meaning()
    {
        var kinds = typeof(HostEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(HostEvent)));

        Assert.Equal(kinds.ToHashSet(), OneOfEach.Select(happened => happened.GetType()).ToHashSet());
        Assert.Equal(OneOfEach.Length, HostInventory.Empty.After(OneOfEach).Version);
    }

    /// <summary>Snapshots are JSON: a host read back must be the same, and go on the same.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_host_survives_json_after_every_event(bool web)
    {
        var options = web ? JsonSerializerOptions.Web : JsonSerializerOptions.Default;
        var direct = HostInventory.Empty;
        var stored = HostInventory.Empty;
        foreach (var happened in OneOfEach)
        {
            direct = direct.Evolve(happened);
            var read = (HostEvent)JsonSerializer.Deserialize(
                JsonSerializer.Serialize(
                    happened, happened.GetType(), options), happened.GetType(), options)!;
            stored = JsonSerializer.Deserialize<HostInventory>(
                JsonSerializer.Serialize(stored.Evolve(read), options), options)!;

            Assert.Equal(
                JsonSerializer.Serialize(direct, options), JsonSerializer.Serialize(stored, options));
        }
    }

    [Fact]
    public void A_view_survives_json_and_says_what_sweeps_ask()
    {
        var host = Hosts.Online(vfs: 3).Claimed(1, Hosts.Request(1)).Claimed(2, Hosts.Request(1)).Released(2);

        var view = HostView.Of("host-1", host, host.Version)!;
        var read = JsonSerializer.Deserialize<HostView>(JsonSerializer.Serialize(view))!;

        Assert.Equal(Hosts.Start + Hosts.Lease, read.FirstLeaseEnd);
        Assert.True(read.Cleaning);
        Assert.Equal((1, 3), (Assert.Single(read.Pools).Free, Assert.Single(read.Pools).Total));
        Assert.Equal(1, Assert.Single(read.Pools).FreeByPf![Hosts.Pf]);
        Assert.Equal(view.Pools, read.Pools);
    }

    [Fact]
    [Trait("feature", "D10")]
    public void What_is_told_of_a_host_names_its_numa_cells_and_none_of_a_view_from_before_they_were_kept()
    {
        var host = Hosts.Online(vfs: 1).After(new NumaCellsObserved(1, [new(0, 0), new(1, null)]));

        var view = HostView.Of("host-1", host, host.Version)!;

        Assert.Equal([new(0, 0), new(1, null)], Telling.Pools(view).NumaCells!);
        Assert.Empty(Telling.Pools(view with { Cells = null }).NumaCells!);
    }

    [Fact]
    [Trait("feature", "B25"), Trait("feature", "U19")]
    public void A_pool_is_told_by_pf_and_read_again_as_it_was()
    {
        var host = Hosts.Online(vfs: 3, pf: true).Claimed(1, Hosts.Request(1));

        var told = Telling.Pools(HostView.Of("host-1", host, host.Version)!).Pools;

        Assert.Equal(
            ["type-PF: ", "type-VF: 0000:3b:00.0=2"],
            told.Select(pool => $"{pool.DeviceType}: "
                + string.Join(", ", pool.FreeByPf!.Select(count => $"{count.Key}={count.Value}")))
                .Order(StringComparer.Ordinal));
        Assert.Equal(
            new Offer(host).Pools().Select(pool => pool.FreeByPf),
            told.Select(pool => PfCounts.Read(pool.FreeByPf, pool.Free)));
    }

    [Fact]
    public void A_host_that_only_a_release_names_is_not_shown() => Assert.Null(HostView.Of(
        "host-1", HostInventory.Empty.Released(1), 1));

    /// <summary>As it was stored before devices had an IOMMU group.</summary>
    [Fact, Trait("feature", "B20")]
    public void A_device_of_long_ago_is_read_and_its_group_is_not_known()
    {
        var read = JsonSerializer.Deserialize<DevicesObserved>(
            """
            {"epoch": 1, "sequence": 1, "lost": [], "seen": [{
              "address": "0000:3b:02.0", "vendorId": "15b3", "productId": "1018", "type": "type-VF",
              "parent": "0000:3b:00.0", "vfIndex": 0, "numaNode": 0, "pfMacAddress": "00:00:00:00:00:01",
              "cardSerialNumber": "MT1", "tags": {"physical_network": "physnet1"}, "totalVfs": null,
              "numVfs": null}]}
            """, JsonSerializerOptions.Web)!;

        Assert.Equal([Hosts.Vf(0)], read.Seen);
        Assert.Equal(1, Hosts.Online(vfs: 0).After(read).Free());
    }

    [Fact]
    public void A_device_is_itself_after_json() => Assert.Equal(
        Hosts.Vf(0) with { IommuGroup = 1, IommuPeers = 2 },
        JsonSerializer.Deserialize<PciDevice>(
            JsonSerializer.Serialize(Hosts.Vf(0) with { IommuGroup = 1, IommuPeers = 2 })));
}
