using Platform.Inventory.Domain;
using Platform.Pci;

namespace Platform.Unit.Tests.Inventory;

/// <summary>A PF and its VFs exclude each other, from the grant to the end of the cleaning.</summary>
[Trait("feature", "U24"), Trait("feature", "B27")]
public class ExclusionTests
{
    private static readonly HostInventory Host = Hosts.Online(vfs: 2, pf: true);

    [Fact]
    public void A_taken_vf_makes_its_pf_unavailable_until_it_is_clean()
    {
        var claimed = Host.Claimed(1, Hosts.Request(1));

        Assert.False(HasPf(claimed));
        Assert.False(HasPf(claimed.Released(1)));
        Assert.True(HasPf(claimed.Released(1).Cleaned(1)));
    }

    [Fact]
    public void A_taken_pf_makes_its_vfs_unavailable_until_it_is_clean()
    {
        var claimed = Host.Claimed(1, Hosts.Request(1, DeviceType.Pf));

        Assert.Equal(0, claimed.Free());
        Assert.Equal(0, claimed.Released(1).Free());
        Assert.Equal(3, claimed.Released(1).Cleaned(1).Free());
    }

    [Fact]
    public void A_taken_vf_whose_pf_shows_late_makes_it_unavailable()
    {
        var orphan = Hosts.Vf(0) with { Parent = null };
        var host = Hosts.Online(vfs: 0, pf: true);
        var claimed = host.After(Reporting.Decide(host, 1, 2, new Observation.Some([orphan])).Events)
            .Claimed(1, Hosts.Request(1));
        Assert.True(HasPf(claimed));

        var altered = claimed.After(
            Reporting.Decide(claimed, 1, 3, new Observation.Some([Hosts.Vf(0)])).Events);

        Assert.False(HasPf(altered));
        Assert.True(HasPf(altered.Released(1).Cleaned(1)));
    }

    [Fact]
    public void A_pf_is_only_given_to_who_asks_for_one()
    {
        var (answer, _) = Claiming.Decide(Host, Hosts.Order(1, Hosts.Request(3)), Hosts.Start);

        Assert.Equal("2 free", Assert.IsType<Claiming.Refused>(answer).Reason[^6..]);
    }

    [Fact]
    public void A_pf_and_its_own_vf_in_one_boot_are_refused()
    {
        var vf = Hosts.Request(1) with { RequestId = Hosts.Boot(9) };

        var (answer, _) = Claiming.Decide(
            Host, Hosts.Order(1, Hosts.Request(1, DeviceType.Pf), vf), Hosts.Start);

        Assert.Equal("insufficient", Assert.IsType<Claiming.Refused>(answer).Code);
    }

    private static bool HasPf(HostInventory host) =>
        new Offer(host).Devices().Any(device => device.Address == Hosts.Pf);
}
