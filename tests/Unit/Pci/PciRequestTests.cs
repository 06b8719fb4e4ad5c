using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

public class PciRequestTests
{
    private static readonly Pool Vfs = new(
        "15b3", "1018", DeviceType.Vf, 0,
        new DeviceTags([new("physical_network", "physnet1"), new("trusted", null)]), 1, 1);

    [Theory]
    [InlineData("physical_network", "physnet1", true)]
    [InlineData("physical_network", "PhysNet1", true)]
    [InlineData("Physical_Network", "physnet1", false)]
    [InlineData("physical_network", "physnet2", false)]
    [InlineData("physical_network", null, false)]
    [InlineData("trusted", null, true)]
    [InlineData("missing", null, true)]
    [InlineData("missing", "x", false)]
    [InlineData("vendor_id", "15B3", true)]
    [InlineData("product_id", "1017", false)]
    [InlineData("dev_type", "type-vf", true)]
    public void A_value_meets_whatever_its_case_and_null_meets_what_is_missing(
        string key, string? value, bool meets) =>
        Assert.Equal(meets, Request(With(key, value)).Meets(Vfs));

    [Fact]
    public void One_alternative_is_enough_and_none_is_met_by_nothing()
    {
        Assert.True(Request(With("vendor_id", "8086"), With("vendor_id", "15b3")).Meets(Vfs));
        Assert.False(Request().Meets(Vfs));
        Assert.True(Request(new Dictionary<string, string?>()).Meets(Vfs));
    }

    [Fact]
    [Trait("feature", "U24")]
    public void A_pf_meets_only_an_alternative_that_asks_for_one()
    {
        var pf = Vfs with { DeviceType = DeviceType.Pf };

        Assert.False(Request(With("vendor_id", "15b3")).Meets(pf));
        Assert.True(Request(With("dev_type", "type-PF")).Meets(pf));
    }

    [Fact]
    public void A_request_is_described_in_words() => Assert.Equal(
        "on physnet1 with vendor_id 15b3 or without physical_network",
        Request(
            new Dictionary<string, string?> { ["vendor_id"] = "15b3", ["physical_network"] = "physnet1" },
            With("physical_network", null)).Describe());

    private static Dictionary<string, string?> With(string key, string? value) => new() { [key] = value };

    private static PciRequest Request(params Dictionary<string, string?>[] alternatives) =>
        new(Guid.Empty, 1, alternatives);
}
