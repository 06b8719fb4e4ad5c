using System.Xml.Linq;
using Platform.HostAgent.Domain.Guests;
using Platform.Pci;

namespace Platform.Unit.Tests.HostAgent.Guests;

public class GuestXmlTests
{
    [Fact]
    [Trait("feature", "H1"), Trait("feature", "H2"), Trait("feature", "H3"), Trait("feature", "H5")]
    public void A_VF_is_given_as_an_interface_with_its_MAC_and_VLAN() => Same(
        """
        <interface type="hostdev" managed="yes">
          <mac address="52:54:00:6d:90:02" />
          <driver name="vfio" />
          <source>
            <address type="pci" domain="0x0000" bus="0x3b" slot="0x02" function="0x1" />
          </source>
          <vlan>
            <tag id="42" />
          </vlan>
        </interface>
        """,
        GuestSamples.Passed);

    [Fact]
    [Trait("feature", "H6")]
    public void A_port_profile_is_escaped_as_XML_asks() => Assert.Contains(
        "<parameters profileid=\"a&amp;b &quot;&lt;x&gt;&quot;\" />",
        GuestXml.Text(GuestSamples.Escaped),
        StringComparison.Ordinal);

    [Fact]
    [Trait("feature", "H4"), Trait("feature", "H13")]
    public void Without_a_MAC_libvirt_makes_one_up() => Assert.Empty(
        GuestXml.Write(GuestSamples.Passed with { MacAddress = null }).Elements("mac"));

    [Fact]
    [Trait("feature", "H9"), Trait("feature", "H10"), Trait("feature", "H21"), Trait("feature", "H26")]
    public void A_function_of_no_port_is_given_as_it_is() => Same(
        """
        <hostdev mode="subsystem" type="pci" managed="yes">
          <source>
            <address domain="0x0001" bus="0xaf" slot="0x1f" function="0x7" />
          </source>
          <boot order="1" />
          <alias name="ua-gpu" />
          <address type="pci" domain="0x0000" bus="0x05" slot="0x00" function="0x0" />
        </hostdev>
        """,
        new PassedFunction(GuestSamples.Gpu)
        {
            BootOrder = 1,
            Alias = "ua-gpu",
            GuestAddress = PciAddress.Parse("0000:05:00.0"),
        });

    [Fact]
    [Trait("feature", "H20")]
    public void A_macvtap_names_the_VFs_network_device() => Same(
        """
        <interface type="direct">
          <mac address="52:54:00:6d:90:02" />
          <model type="virtio" />
          <driver name="vhost" queues="4" />
          <source dev="enp59s2f1" mode="passthrough" />
          <bandwidth>
            <inbound average="1000" peak="2000" burst="300" />
            <outbound average="1100" />
          </bandwidth>
          <vlan>
            <tag id="7" />
          </vlan>
        </interface>
        """,
        GuestSamples.Macvtap);

    [Fact]
    [Trait("feature", "H22")]
    public void A_vDPA_device_is_named() => Same(
        """
        <interface type="vdpa">
          <mac address="52:54:00:6d:90:02" />
          <source dev="/dev/vhost-vdpa-0" />
        </interface>
        """,
        new VdpaInterface("/dev/vhost-vdpa-0", GuestSamples.Mac));

    [Fact]
    [Trait("feature", "I4")]
    public void A_guest_of_a_pool_names_the_network_and_no_VF() => Same(
        """
        <interface type="network">
          <source network="passthrough" portgroup="blue" />
        </interface>
        """,
        new PoolInterface("passthrough", null, "blue"));

    [Fact]
    [Trait("feature", "H18"), Trait("feature", "I3"), Trait("feature", "I6"), Trait("feature", "I11")]
    public void A_pool_is_the_VFs_of_a_PF() => Same(
        """
        <network>
          <name>passthrough</name>
          <forward mode="hostdev" managed="yes">
            <pf dev="eth3" />
          </forward>
        </network>
        """,
        new HostdevNetwork("passthrough", "eth3", []).Write());

    [Fact]
    [Trait("feature", "I9")]
    public void A_pool_may_name_its_VFs_its_driver_and_groups_of_ports() => Same(
        """
        <network>
          <name>passthrough</name>
          <forward mode="hostdev" managed="yes">
            <driver name="vfio" />
            <address type="pci" domain="0x0000" bus="0x3b" slot="0x02" function="0x1" />
            <address type="pci" domain="0x0001" bus="0xaf" slot="0x1f" function="0x7" />
          </forward>
          <vlan>
            <tag id="42" />
          </vlan>
          <portgroup name="blue" default="yes">
            <vlan>
              <tag id="7" />
            </vlan>
          </portgroup>
          <portgroup name="red" />
        </network>
        """,
        GuestSamples.Networks[1].Write());

    [Theory]
    [InlineData(null, null, "has no VFs")]
    [InlineData("eth3", "0000:3b:02.1", "has PF eth3 and VFs of its own")]
    [Trait("feature", "I3"), Trait("feature", "I9")]
    public void A_pool_has_one_source_of_VFs(string? pf, string? vf, string why)
    {
        var network = new HostdevNetwork("net", pf, vf is null ? [] : [PciAddress.Parse(vf)]);

        Assert.Contains(why, Refusal(() => network.Write()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(42, "finance", "802.1Qbh", "exclude each other")]
    [InlineData(4095, null, "802.1Qbh", "VLAN 4095 is not in 1 to 4094")]
    [InlineData(-1, null, "802.1Qbh", "VLAN -1 is not in 1 to 4094")]
    [InlineData(null, "finance", "802.1Qbg", "Port profiles of 802.1Qbg cannot be used")]
    [InlineData(null, "0123456789012345678901234567890123456789", "802.1Qbh", "has 40 characters")]
    [Trait("feature", "H7"), Trait("feature", "H8")]
    public void A_VLAN_or_a_port_profile_of_802_1Qbh_is_taken_and_nothing_else(
        int? vlan, string? profile, string type, string why) =>
        Assert.Contains(why, Refusal(() => Switching.Of(vlan, profile, type)), StringComparison.Ordinal);

    [Fact]
    [Trait("feature", "H5")]
    public void VLAN_0_is_none()
    {
        Assert.Null(Switching.Of(0));
        Assert.Equal(new Switching.PortProfile("finance"), Switching.Of(0, "finance"));
    }

    [Fact]
    [Trait("feature", "H3"), Trait("feature", "H26")]
    public void What_libvirt_would_refuse_or_drop_is_refused_by_name_and_value()
    {
        const string multicast = "01:00:5e:00:00:01";
        Refuses($"MAC address '{multicast}'", GuestSamples.Passed with { MacAddress = multicast });
        Refuses("alias 'gpu'", GuestSamples.Passed with { Alias = "gpu" });
        Refuses("boot order '0'", GuestSamples.Passed with { BootOrder = 0 });
        Refuses("driver ''", GuestSamples.Passed with { Driver = "" });
        Refuses("network device 'eth 0'", GuestSamples.Macvtap with { Netdev = "eth 0" });
        Refuses("mode 'routed'", GuestSamples.Macvtap with { Mode = "routed" });
        Refuses("model 'a\"b'", GuestSamples.Macvtap with { Model = "a\"b" });
        Refuses("number of queues '0'", GuestSamples.Macvtap with { Queues = 0 });
        Refuses("4 queues need a driver", GuestSamples.Macvtap with { Driver = null });
        Refuses("network ''", new PoolInterface("", null));
        Refuses("vDPA device ''", new VdpaInterface("", null));
        var unwritable = Switching.Of(null, "\u0001");
        Refuses("port profile '\u0001'", GuestSamples.Passed with { Switching = unwritable });
    }

    [Fact]
    public void A_flavors_bandwidth_is_a_number() => Assert.Contains(
        "quota:vif_inbound_average is '5M'",
        Refusal(() => Bandwidth.OfFlavor(new Dictionary<string, string>
        {
            ["quota:vif_inbound_average"] = "5M",
        })),
        StringComparison.Ordinal);

    private static void Refuses(string what, GuestDevice device) => Assert.Contains(
        what, Refusal(() => GuestXml.Write(device)), StringComparison.Ordinal);

    private static string Refusal(Func<object?> act) => Assert.Throws<GuestRefusedException>(act).Message;

    private static void Same(string expected, GuestDevice device) => Same(expected, GuestXml.Write(device));

    private static void Same(string expected, XElement written) =>
        Assert.Equal(expected.ReplaceLineEndings(), written.ToString().ReplaceLineEndings());
}
