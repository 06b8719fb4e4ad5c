using System.Text.Json;
using Platform.Pci;
using Platform.Pci.Requests;

namespace Platform.Unit.Tests.Pci.Requests;

public class PortNeedsTests
{
    [Theory, Trait("feature", "C1"), Trait("feature", "C6")]
    [InlineData("normal")]
    [InlineData("baremetal")]
    [InlineData("accelerator-direct")]
    public void Some_ports_need_no_function(string vnicType) =>
        Assert.Null(new PortNeeds(vnicType, "physnet1").Request(null));

    [Theory]
    [Trait("feature", "C2"), Trait("feature", "C3"), Trait("feature", "C9"), Trait("feature", "C32")]
    [InlineData("direct", "physical_network=physnet1, remote_managed=False")]
    [InlineData("macvtap", "physical_network=physnet1, remote_managed=False")]
    [InlineData("virtio-forwarder", "physical_network=physnet1, remote_managed=False")]
    [InlineData("direct-physical", "dev_type=type-PF, physical_network=physnet1, remote_managed=False")]
    [InlineData("vdpa", "dev_type=vdpa, physical_network=physnet1, remote_managed=False")]
    [InlineData("remote-managed", "physical_network=physnet1, remote_managed=True")]
    public void A_port_needs_one_function_on_its_network(string vnicType, string spec)
    {
        var request = new PortNeeds(vnicType, "physnet1").Request(null)!;

        Assert.Equal(1, request.Count);
        Assert.Equal(spec, new DeviceTags(Assert.Single(request.Spec)).ToString());
    }

    [Fact, Trait("feature", "AX4")]
    public void A_port_on_a_tunnelled_network_asks_for_no_physical_network() =>
        Assert.Null(new PortNeeds("direct", null).Request(null)!.Spec[0]["physical_network"]);

    [Theory, Trait("feature", "AX5")]
    [InlineData("""{"trusted": true}""", "True")]
    [InlineData("""{"trusted": " YES "}""", "True")]
    [InlineData("""{"trusted": 1}""", "True")]
    [InlineData("""{"trusted": "maybe"}""", "False")]
    [InlineData("""{"trusted": ""}""", "False")]
    [InlineData("""{"trusted": null}""", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    public void The_profile_says_whether_the_function_must_be_trusted(string profile, string? trusted)
    {
        var needs = new PortNeeds("direct", null, PortNeeds.TrustedOf(JsonElement.Parse(profile)));

        Assert.Equal(trusted, needs.Request(null)!.Spec[0].GetValueOrDefault("trusted"));
    }

    [Theory, Trait("feature", "D10")]
    [InlineData(NumaPolicy.Socket, NumaPolicy.Required, NumaPolicy.Socket)]
    [InlineData(null, NumaPolicy.Required, NumaPolicy.Required)]
    [InlineData(null, null, null)]
    public void The_ports_policy_overrides_the_flavors(
        NumaPolicy? port, NumaPolicy? flavor, NumaPolicy? asked) =>
        Assert.Equal(asked, new PortNeeds("direct", "physnet1", null, port).Request(flavor)!.NumaPolicy);
}
