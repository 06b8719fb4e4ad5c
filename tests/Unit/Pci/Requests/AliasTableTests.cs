using Platform.Pci;
using Platform.Pci.Requests;

namespace Platform.Unit.Tests.Pci.Requests;

public class AliasTableTests
{
    private const string A1 =
        """{"name": "a1", "vendor_id": "8086", "product_id": "154d", "device_type": "type-PF"}""";

    private const string B1 = """{"name": " b1 ", "vendor_id": "10de", "numa_policy": "required"}""";

    [Fact, Trait("feature", "C25"), Trait("feature", "C26"), Trait("feature", "C14")]
    public void A_flavor_asks_by_name_and_count()
    {
        var requests = AliasTable.Parse([A1, B1]).Requests(" a1:2, b1 :1", null);

        Assert.Equal(
            ["2 a1 Legacy dev_type=type-PF product_id=154d vendor_id=8086", "1 b1 Required vendor_id=10de"],
            requests.Select(Text));
    }

    [Fact, Trait("feature", "C25")]
    public void Definitions_of_one_name_are_alternatives()
    {
        const string other = """{"name": "a1", "product_id": "1515", "device_type": "type-PF"}""";

        var request = Assert.Single(AliasTable.Parse([A1, other]).Requests("a1:1", null));

        Assert.Equal(["154d", "1515"], request.Spec.Select(alternative => alternative["product_id"]));
    }

    [Fact, Trait("feature", "C25")]
    public void Alternatives_may_say_no_device_type_but_not_two() => Assert.Equal(
        2,
        AliasTable.Parse(["""{"name": "x", "product_id": "0442"}""", """{"name": "x"}"""])
            .Aliases["x"].Alternatives.Count);

    [Theory, Trait("feature", "C25")]
    [InlineData("""{"name": "a1"}""", "another device type")]
    [InlineData("""{"name": "a1", "device_type": "type-VF"}""", "another device type")]
    [InlineData("""{"name": "a1", "device_type": "type-PF", "numa_policy": "socket"}""", "another NUMA")]
    [InlineData("not json", "write JSON")]
    [InlineData("[]", "object")]
    [InlineData("{}", "name is missing")]
    [InlineData("""{"name": ""}""", "256 characters")]
    [InlineData("""{"name": 5}""", "write a string")]
    [InlineData("""{"name": "x", "vendor_id": "*"}""", "four hex digits")]
    [InlineData("""{"name": "x", "vendor_id": "8086\n"}""", "four hex digits")]
    [InlineData("""{"name": "x", "device_type": "vdpa"}""", "type-VF")]
    [InlineData("""{"name": "x", "numa_policy": "Required"}""", "preferred")]
    [InlineData("""{"name": "x", "capability_type": "usb"}""", "write pci")]
    [InlineData("""{"name": "x", "physical_network": "p"}""", "the keys are")]
    public void A_wrong_definition_is_refused_with_what_is_allowed(string definition, string allowed)
    {
        var refusal = Refusal(() => AliasTable.Parse([A1, definition]));

        Assert.Equal(RequestRefusalKind.InvalidAlias, refusal.Kind);
        Assert.StartsWith("alias 2", refusal.Field, StringComparison.Ordinal);
        Assert.Contains(allowed, refusal.Allowed, StringComparison.Ordinal);
    }

    [Theory, Trait("feature", "C26")]
    [InlineData("A1:1", RequestRefusalKind.AliasNotDefined)]
    [InlineData("nope:x", RequestRefusalKind.AliasNotDefined)]
    [InlineData("", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1:1,", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1:1:2", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1:", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1:-1", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1:+2", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1:1\0", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1:1_0", RequestRefusalKind.InvalidRequest)]
    [InlineData("a1:99999999999", RequestRefusalKind.InvalidRequest)]
    public void A_flavor_that_asks_for_nonsense_is_refused(string extraSpec, RequestRefusalKind kind) =>
        Assert.Equal(kind, Refusal(() => AliasTable.Parse([A1]).Requests(extraSpec, null)).Kind);

    [Fact]
    public void A_flavor_without_aliases_asks_for_nothing_and_a_count_of_0_is_one()
    {
        Assert.Empty(AliasTable.Parse([A1]).Requests(null, "bogus"));
        Assert.Equal(0, Assert.Single(AliasTable.Parse([A1]).Requests("a1:0", null)).Count);
    }

    [Theory, Trait("feature", "D10")]
    [InlineData(null, NumaPolicy.Required)]
    [InlineData("", NumaPolicy.Required)]
    [InlineData("preferred", NumaPolicy.Preferred)]
    [InlineData("socket", NumaPolicy.Socket)]
    public void The_flavors_policy_overrides_the_aliass(string? flavor, NumaPolicy expected) =>
        Assert.Equal(expected, AliasTable.Parse([B1]).Requests("b1:1", flavor)[0].NumaPolicy);

    [Fact, Trait("feature", "D10")]
    public void A_policy_that_is_none_is_refused() =>
        Assert.Equal("bogus", Refusal(() => AliasTable.Parse([B1]).Requests("b1:1", "bogus")).Value);

    [Fact, Trait("feature", "C10")]
    public void A_request_is_put_to_pools_under_an_id()
    {
        var id = new Guid("11111111-0000-0000-0000-000000000000");

        var asked = AliasTable.Parse([B1]).Requests("b1:3", null)[0].For(id);

        Assert.Equal((id, 3, NumaPolicy.Required), (asked.RequestId, asked.Count, asked.NumaPolicy));
    }

    private static RequestRefusal Refusal(Func<object> refused) =>
        Assert.Throws<RequestRefusedException>(() => refused()).Refusal;

    private static string Text(DeviceRequest request) =>
        $"{request.Count} {request.AliasName} {request.NumaPolicy} " + string.Join(
            " or ", request.Spec.Select(spec => string.Join(
                ' ', spec.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}"))));
}
