using Platform.Inventory.Domain;
using Platform.Pci;

namespace Platform.Unit.Tests.Inventory;

/// <summary>Functions of one IOMMU group are one guest's or nobody's.</summary>
public class IommuGroupTests
{
    // A card of three functions in one group, and one in a group of its own.
    private static readonly HostInventory Cards = With(Plain(0, 7), Plain(1, 7), Plain(2, 7), Plain(3, 8));

    [Fact, Trait("feature", "B20")]
    public void A_vf_that_shares_its_group_is_not_free_and_it_is_said_why()
    {
        var shared = Hosts.Vf(0) with { IommuGroup = 7, IommuPeers = 2 };
        var host = With(shared, Hosts.Vf(1) with { IommuGroup = 8, IommuPeers = 0 }, Hosts.Vf(2));

        Assert.Equal([Hosts.VfAddress(1), Hosts.VfAddress(2)], Offered(host));
        Assert.Equal(
            "A VF has to be alone in its IOMMU group, and 2 others are in group 7.",
            Why(host, shared.Address));
        Assert.Null(Why(host, Hosts.VfAddress(1)));
    }

    [Fact, Trait("feature", "B20")]
    public void A_vf_is_free_as_soon_as_its_group_is_its_own()
    {
        var host = With(Hosts.Vf(0) with { IommuGroup = 7, IommuPeers = 2 });

        var alone = host.After(new DevicesObserved(
            1, 2, [Hosts.Vf(0) with { IommuGroup = 9, IommuPeers = 0 }], []));

        Assert.Equal((0, 1), (host.Free(), alone.Free()));
    }

    [Fact, Trait("feature", "U23")]
    public void One_claim_may_take_several_of_a_group()
    {
        var claimed = Cards.Claimed(1, Plain(count: 3));

        Assert.Equal([Address(3)], Offered(claimed));
    }

    [Fact, Trait("feature", "U23")]
    public void While_one_of_a_group_is_a_claims_nobody_else_gets_the_rest_until_it_is_clean()
    {
        var claimed = Cards.Claimed(1, Plain(count: 1));

        Assert.Equal([Address(3)], Offered(claimed));
        Assert.Equal($"{Address(0)} of the same IOMMU group 7 is not free.", Why(claimed, Address(2)));
        Assert.IsType<Claiming.Refused>(
            Claiming.Decide(claimed, Hosts.Order(2, Plain(count: 2)), Hosts.Start).Answer);
        Assert.Equal([Address(3)], Offered(claimed.Released(1)));
        Assert.Equal(4, claimed.Released(1).Cleaned(1).Free());
    }

    [Fact, Trait("feature", "U23")]
    public void A_quarantined_function_keeps_its_group_out_of_the_offer()
    {
        var released = Cards.Claimed(1, Plain(count: 1)).Released(1);

        var quarantined = released.After(Cleaning.Fail(
            released, Hosts.Claim(1), released.Claims[Hosts.Claim(1)].Generation, Address(0), "stuck",
            Hosts.Start).Events);

        Assert.Equal([Address(3)], Offered(quarantined));
    }

    [Fact, Trait("feature", "U23")]
    public void What_a_function_in_use_has_become_keeps_that_group_out_of_the_offer_too()
    {
        var claimed = With(Plain(0, 7), Plain(1, 8)).Claimed(1, Plain(count: 1));

        var moved = claimed.After(new DevicesObserved(1, 2, [Plain(0, 8)], []));

        Assert.Equal([Address(1)], Offered(claimed));
        Assert.Empty(Offered(moved));
    }

    [Fact, Trait("feature", "U23")]
    public void Functions_whose_groups_are_not_known_do_not_exclude_each_other()
    {
        var host = With(Plain(0, null), Plain(1, null)).Claimed(1, Plain(count: 1));

        Assert.Equal([Address(1)], Offered(host));
    }

    [Fact, Trait("feature", "U24")]
    public void It_is_said_when_a_pf_or_its_vf_is_the_reason()
    {
        var host = Hosts.Online(vfs: 2, pf: true);

        Assert.Equal(
            $"Its VF {Hosts.VfAddress(0)} is not free.", Why(host.Claimed(1, Hosts.Request(1)), Hosts.Pf));
        Assert.Equal(
            $"Its PF {Hosts.Pf} is not free.",
            Why(host.Claimed(1, Hosts.Request(1, DeviceType.Pf)), Hosts.VfAddress(1)));
        Assert.Null(Why(host.Claimed(1, Hosts.Request(1)), Hosts.VfAddress(0)));
    }

    private static HostInventory With(params IReadOnlyList<PciDevice> devices) =>
        Hosts.Online(vfs: 0).After(new DevicesObserved(1, 2, devices, []));

    private static PciAddress Address(int index) => PciAddress.Parse($"0000:5e:00.{index}");

    private static PciDevice Plain(int index, int? group) => new(
        Address(index), "10de", "1eb8", DeviceType.Pci, null, null, 0, null, null, Hosts.Network("physnet1"),
        IommuGroup: group, IommuPeers: 2);

    private static PciRequest Plain(int count) => Hosts.Request(count, DeviceType.Pci);

    private static IEnumerable<PciAddress> Offered(HostInventory host) =>
        new Offer(host).Devices().Select(device => device.Address);

    private static string? Why(HostInventory host, PciAddress address) =>
        new Offer(host).WhyNot(host.Functions[address]);
}
