using System.Diagnostics;
using static Platform.Unit.Tests.Pci.DeviceSpecs.Hosts;

namespace Platform.Unit.Tests.Pci.DeviceSpecs;

public class DeviceSpecAddressTests
{
    [Theory]
    [InlineData("*:0a:00.*", true)]
    [InlineData(":0a:00.", true)]
    [InlineData("0a:00", true)]
    [InlineData("00", true)]
    [InlineData("00.1", true)]
    [InlineData(".1", true)]
    [InlineData(".2", false)]
    [InlineData("0a", false)]
    [InlineData("0001:0a:00.1", false)]
    [InlineData(" 0000 : 0a : 00 . 1 ", true)]
    [InlineData("0:A:0.1", true)]
    [InlineData("0x0:0xa:0x0.0x1", true)]
    [InlineData("", true)]
    [InlineData(".", true)]
    [InlineData("::", true)]
    [InlineData("*", true)]
    [Trait("feature", "A5"), Trait("feature", "A6"), Trait("feature", "A7"), Trait("feature", "A18")]
    public void A_glob_matches_field_by_field(string address, bool offered) => Assert.Equal(
        offered, Offers($$"""{"address": "{{address}}"}""", Plain("0000:0a:00.1")));

    [Theory, Trait("feature", "AX3")]
    [InlineData("10000:0a:00.0", "address.domain", "ffff")]
    [InlineData("0000:100:00.0", "address.bus", "ff")]
    [InlineData("0000:0a:20.0", "address.slot", "1f")]
    [InlineData("0000:0a:00.8", "address.function", "7")]
    [InlineData("0000:0a:0*.0", "address.slot", "1f")]
    [InlineData("0000:0a:00. ", "address.function", "7")]
    [InlineData("10000:0a:00.8", "address.function", "7")]
    public void A_field_out_of_range_is_refused_with_its_most(string address, string field, string most)
    {
        var refusal = Refusal($$"""{"address": "{{address}}"}""");

        Assert.Equal(field, refusal.Field);
        Assert.Contains(most, refusal.Allowed, StringComparison.Ordinal);
    }

    [Theory, Trait("feature", "AX2")]
    [InlineData("""{"domain": ".*", "bus": "0a", "slot": "10", "function": "[2-7]"}""", 3, true)]
    [InlineData("""{"domain": ".*", "bus": "0a", "slot": "10", "function": "[2-7]"}""", 1, false)]
    [InlineData("""{"bus": "0"}""", 1, true)]
    [InlineData("""{"bus": "a"}""", 1, false)]
    [InlineData("""{"bus": "0$"}""", 1, false)]
    [InlineData("""{"bus": "0A"}""", 1, false)]
    [InlineData("""{"bus": "(?i)0A"}""", 1, true)]
    [InlineData("""{"bus": "(?!0b).."}""", 1, true)]
    [InlineData("""{"bus": "(?P<first>0)(?P=first)"}""", 1, false)]
    [InlineData("""{"domain": "(?P<digit>0)(?P=digit){3}\\Z"}""", 1, true)]
    [InlineData("""{"domain": "0{,4}$"}""", 1, true)]
    [InlineData("""{"domain": "0*+0"}""", 1, false)]
    [InlineData("""{"unknown": "zz"}""", 1, true)]
    [InlineData("""{}""", 1, true)]
    public void A_regex_matches_the_beginning_of_its_field(string address, int vf, bool offered) =>
        Assert.Equal(offered, Offers($$"""{"address": {{address}}}""", Vf(vf)));

    [Theory, Trait("feature", "AX2")]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("*")]
    [InlineData("^*")]
    [InlineData("a**")]
    [InlineData("a{3,1}")]
    [InlineData("[z-a]")]
    [InlineData("\\\\1")]
    [InlineData("\\\\p{L}")]
    [InlineData("a(?i)")]
    [InlineData("(?<name>a)")]
    [InlineData("(?(1)a)")]
    public void What_is_no_regex_in_Python_is_refused(string pattern) =>
        Assert.Equal("address.slot", Refusal($$$"""{"address": {"slot": "{{{pattern}}}"}}""").Field);

    [Theory, Trait("feature", "AX2")]
    [InlineData("(0*)*$")]
    [InlineData("(0|0)*1")]
    [InlineData("((0{1000}){1000}){1000}")]
    [InlineData("(?=((((0*)*)*)*)*zz)")]
    [InlineData("(((((0?){99}){99}){99}){99}){99}(?!0)z")]
    public void No_regex_keeps_a_host_busy(string pattern)
    {
        var watch = Stopwatch.StartNew();

        var specs = Parse($$$"""{"address": {"domain": "{{{pattern}}}"}}""");
        for (var device = 0; device < 1_000; device++)
            _ = specs.Match(Vf(1), Facts, out _);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact, Trait("feature", "A10"), Trait("feature", "A9"), Trait("feature", "A19")]
    public void An_entry_that_names_a_PF_offers_its_VFs_too()
    {
        string[] entries =
        [
            """{"devname": "eth0", "physical_network": "physnet1"}""",
            """{"address": "0000:0a:00.0"}""",
            """{"address": {"domain": "0000", "bus": "0a", "slot": "00", "function": "0"}}""",
        ];

        Assert.All(entries, entry =>
        {
            Assert.True(Offers(entry, Pf));
            Assert.True(Offers(entry, Vf(3)));
            Assert.False(Offers(entry, Plain("0000:0a:00.1")));
        });
    }

    [Fact, Trait("feature", "A10")]
    public void A_wildcard_that_covers_a_PF_does_not_reach_its_VFs()
    {
        Assert.True(Offers("""{"address": "0000:0a:00.*"}""", Pf));
        Assert.False(Offers("""{"address": "0000:0a:00.*"}""", Vf(0)));
    }

    [Fact, Trait("feature", "A9")]
    public void A_VF_can_be_named_by_its_netdev_and_a_name_that_is_not_there_offers_nothing()
    {
        Assert.True(Offers("""{"devname": "enp10v1"}""", Vf(1)));
        Assert.False(Offers("""{"devname": "enp10v1"}""", Vf(2)));
        Assert.False(Offers("""{"devname": "nosuch"}""", Vf(1)));
    }

    [Fact, Trait("feature", "A9")]
    public void A_netdev_is_looked_up_at_each_match()
    {
        var specs = Parse("""{"devname": "eth0"}""");

        var renamed = Facts with { Netdevs = new Dictionary<string, Platform.Pci.PciAddress>() };

        Assert.NotNull(specs.Match(Pf, Facts, out _));
        Assert.Null(specs.Match(Pf, renamed, out _));
    }

    [Fact, Trait("feature", "A8")]
    public void An_address_and_a_devname_exclude_each_other()
    {
        Assert.Contains(
            "not both", Refusal("""{"address": "*", "devname": "eth0"}""").Allowed, StringComparison.Ordinal);
        Assert.True(Offers("""{"address": "", "devname": "eth0"}""", Pf));
    }

    [Theory, Trait("feature", "AX6")]
    [InlineData("""{"devname": "eth0", "remote_managed": "true"}""", "cannot be remote_managed")]
    [InlineData("""{"address": "0000:0a:00.0", "remote_managed": "yes"}""", "cannot be remote_managed")]
    [InlineData("""{"devname": "eth0", "product_id": "9999", "remote_managed": true}""", "8086:1515")]
    [InlineData("""{"devname": "nosuch", "remote_managed": "1"}""", "that is there")]
    public void A_PF_cannot_be_remote_managed(string entry, string allowed) =>
        Assert.Contains(allowed, Refusal(entry).Allowed, StringComparison.Ordinal);

    [Fact, Trait("feature", "AX6")]
    public void A_remote_managed_VF_needs_the_serial_number_of_its_card()
    {
        const string entry = """{"address": "0000:0a:00.0", "product_id": "1515", "remote_managed": "on"}""";

        Assert.False(Offers(entry, Vf(0)));
        Assert.True(Offers(entry, Vf(0) with { CardSerialNumber = "MT2113X00000" }));
    }
}
