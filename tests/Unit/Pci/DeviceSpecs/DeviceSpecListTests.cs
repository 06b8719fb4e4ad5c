using Platform.Pci.DeviceSpecs;
using static Platform.Unit.Tests.Pci.DeviceSpecs.Hosts;

namespace Platform.Unit.Tests.Pci.DeviceSpecs;

public class DeviceSpecListTests
{
    [Fact, Trait("feature", "AX19")]
    public void Without_an_entry_nothing_is_offered() =>
        Assert.Null(DeviceSpecList.Empty.Match(Pf, Facts, out _));

    [Fact, Trait("feature", "A1"), Trait("feature", "A2"), Trait("feature", "AX1")]
    public void An_option_is_an_object_or_a_list_and_may_be_given_again() => Assert.Equal(
        4, Parse("{}", """[{"vendor_id": "8086"}, {"vendor_id": "15b3"}]""", "[]", "{}").Specs.Count);

    [Fact, Trait("feature", "A13")]
    public void The_first_entry_that_matches_counts()
    {
        var specs = Parse(
            """{"address": "0000:0a:10.1", "physical_network": "a"}""",
            """[{"vendor_id": "8086", "physical_network": "b"}, {"physical_network": "c"}]""");

        Assert.Equal("a", NetworkOf(Vf(1)));
        Assert.Equal("b", NetworkOf(Vf(2)));
        Assert.Equal("c", NetworkOf(Plain("0000:3b:00.0")));

        string? NetworkOf(ReportedDevice device) =>
            specs.Match(device, Facts, out _)!.Tags["physical_network"];
    }

    [Fact, Trait("feature", "AX14")]
    public void An_entry_may_be_about_some_VFs_of_a_PF()
    {
        var specs = Parse(
            """{"devname": "eth0", "vf_index": "0, 2-3", "physical_network": "a"}""",
            """{"devname": "eth0", "physical_network": "b"}""");

        Assert.Equal(
            ["a", "b", "a", "a", "b"],
            new[] { Vf(0), Vf(1), Vf(2), Vf(3), Pf }.Select(device =>
                specs.Match(device, Facts, out _)!.Tags["physical_network"]));
        Assert.False(specs.Specs[0].Tags.ContainsKey("vf_index"));
    }

    [Fact, Trait("feature", "AX16"), Trait("feature", "AX17")]
    public void An_entry_may_exclude_and_go_before_others()
    {
        var specs = Parse(
            """{"vendor_id": "8086", "physical_network": "a"}""",
            """{"address": "0000:0a:10.1", "exclude": true, "priority": 0}""",
            """{"address": "0000:0a:10.2", "exclude": false, "priority": 98, "physical_network": "b"}""");

        Assert.Null(specs.Match(Vf(1), Facts, out _));
        Assert.Equal("b", specs.Match(Vf(2), Facts, out _)!.Tags["physical_network"]);
        Assert.Equal("a", specs.Match(Vf(3), Facts, out _)!.Tags["physical_network"]);
    }

    [Theory, Trait("feature", "U29")]
    [InlineData("vf_index", "\"3-1\"", "lowest first")]
    [InlineData("vf_index", "\"\"", "0-3,6")]
    [InlineData("vf_index", "\"1-2-3\"", "0-3,6")]
    [InlineData("vf_index", "\"65536\"", "0-3,6")]
    [InlineData("vf_index", "4", "0-3,6")]
    [InlineData("exclude", "\"yes\"", "true or false")]
    [InlineData("priority", "100", "to 99")]
    [InlineData("priority", "\"1\"", "to 99")]
    public void What_selects_and_makes_no_sense_is_refused(string field, string value, string allowed)
    {
        var refusal = Refusal($$"""{"{{field}}": {{value}}}""");

        Assert.Equal(field, refusal.Field);
        Assert.Contains(allowed, refusal.Allowed, StringComparison.Ordinal);
    }

    [Fact, Trait("feature", "A11"), Trait("feature", "A12"), Trait("feature", "AX4")]
    public void What_does_not_select_is_a_tag()
    {
        var tags = Parse(
            """
            {"vendor_id": "8086", "product_id": "*", "address": "*", "devname": "", "physical_network": null,
             "trusted": "true", "Address": "x", "switch": 7, "fast": true}
            """).Specs[0].Tags;

        Assert.Equal(
            "Address=x, fast=true, physical_network=null, switch=7, trusted=true", tags.ToString());
    }

    [Fact, Trait("feature", "A15"), Trait("feature", "A16")]
    public void An_entry_without_tags_offers_devices_without_tags()
    {
        var spec = Parse("""{"vendor_id": "8086", "product_id": "1515"}""");

        Assert.Empty(spec.Match(Vf(0), Facts, out _)!.Tags);
        Assert.Null(spec.Match(Pf, Facts, out _));
    }

    [Theory, Trait("feature", "A3"), Trait("feature", "A4")]
    [InlineData("""{"vendor_id": "8086"}""", true)]
    [InlineData("""{"vendor_id": " 8086 "}""", true)]
    [InlineData("""{"vendor_id": "0x8086"}""", true)]
    [InlineData("""{"vendor_id": " * "}""", true)]
    [InlineData("""{"vendor_id": "15B3"}""", false)]
    [InlineData("""{"vendor_id": "86"}""", false)]
    [InlineData("""{"device_id": "8086"}""", true)]
    [InlineData("""{"device_id": "15b3"}""", false)]
    [InlineData("""{"product_id": "1515"}""", true)]
    [InlineData("""{"product_id": "*"}""", true)]
    [InlineData("""{"vendor_id": "8086", "product_id": "1528"}""", false)]
    public void Ids_select(string entry, bool offered) => Assert.Equal(offered, Offers(entry, Vf(0)));

    [Fact, Trait("feature", "A17"), Trait("feature", "AX13")]
    public void Ids_and_an_address_must_both_match()
    {
        const string entry = """{"vendor_id": "8086", "product_id": "1515", "address": "0000:0a:10.2"}""";

        Assert.True(Offers(entry, Vf(2)));
        Assert.False(Offers(entry, Vf(1)));
        Assert.False(Offers(entry, new("0000:0a:10.2", "8086", "10ed")));
    }

    [Theory]
    [InlineData("not json", "", "not json")]
    [InlineData("\"8086\"", "", "8086")]
    [InlineData("[\"8086\"]", "", "8086")]
    [InlineData("""{"vendor_id": "808*"}""", "vendor_id", "808*")]
    [InlineData("""{"vendor_id": ""}""", "vendor_id", "")]
    [InlineData("""{"vendor_id": 8086}""", "vendor_id", "8086")]
    [InlineData("""{"vendor_id": "-1"}""", "vendor_id", "-1")]
    [InlineData("""{"vendor_id": "8_086"}""", "vendor_id", "8_086")]
    [InlineData("""{"product_id": "* "}""", "product_id", "* ")]
    [InlineData("""{"product_id": "10000"}""", "product_id", "10000")]
    [InlineData("""{"address": "0000:zz:00.0"}""", "address.bus", "zz")]
    [InlineData("""{"address": "1:2:3:4.5"}""", "address", "1:2:3:4.5")]
    [InlineData("""{"address": 5}""", "address", "5")]
    [InlineData("""{"address": {"bus": "["}}""", "address.bus", "[")]
    [InlineData("""{"devname": 5}""", "devname", "5")]
    [InlineData("""{"trusted": {}}""", "trusted", "{}")]
    [Trait("feature", "A1")]
    public void A_refusal_names_the_entry_the_field_and_the_value(string option, string field, string value)
    {
        var refusal = Refusal("{}", option);

        Assert.Equal((2, field), (refusal.Entry, refusal.Field));
        Assert.Contains(value, refusal.Value, StringComparison.Ordinal);
        Assert.StartsWith($"device_spec entry 2: {field}", refusal.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Allowed);
    }

    [Fact]
    public void A_long_value_is_cut_in_the_message() =>
        Assert.InRange(Refusal(new string('x', 100_000)).ToString().Length, 80, 400);

    [Theory, Trait("feature", "AX3")]
    [InlineData("10000:e1:00.0", "address.domain")]
    [InlineData("0000:0a:20.1", "address.slot")]
    [InlineData("0000:0a:00", "address.function")]
    [InlineData("0a:00.1", "address")]
    public void A_device_at_an_address_out_of_range_is_not_offered_and_the_reason_is_told(
        string address, string field)
    {
        Assert.Null(Parse("{}").Match(Plain(address), Facts, out var refusal));

        Assert.Equal(field, refusal!.Field);
        Assert.StartsWith("reported device: ", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact, Trait("feature", "A14")]
    public void A_reported_address_is_compared_in_its_normal_form() =>
        Assert.True(Offers("""{"address": "0000:3b:00.1"}""", Plain("0:3B:0.1")));
}
