using System.Xml.Linq;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Guests;

namespace Platform.Unit.Tests.HostAgent.Guests;

public class GuestDomainTests
{
    private static readonly PluggedFunction Function = new(
        GuestSamples.Vf, Guid.Empty, "vm-1", Guid.Empty, 1, "port", "direct", GuestSamples.Mac, 42);

    [Theory]
    [InlineData("""
        <interface type='hostdev'><source>
        <address type='pci' domain='0x0000' bus='0x3b' slot='0x02' function='0x1'/></source></interface>
        """)]
    [InlineData("""
        <hostdev type='pci'><source><address domain='0' bus='59' slot='2' function='1'/></source></hostdev>
        """)]
    [Trait("feature", "H1"), Trait("feature", "H11")]
    public void A_function_is_found_in_a_guest_however_its_address_is_written(string device) =>
        Assert.NotNull(Guest(device).Find(Function));

    [Theory]
    [InlineData("")]
    [InlineData("<hostdev type='usb'><source><address bus='59' slot='2' function='1'/></source></hostdev>")]
    [InlineData("<hostdev type='pci'><source><address bus='59' slot='2' function='2'/></source></hostdev>")]
    [InlineData("<hostdev type='pci'><source><address domain='0x10000'/></source></hostdev>")]
    [InlineData("<hostdev type='pci'><address bus='59' slot='2' function='1'/></hostdev>")]
    [InlineData("<interface type='direct'><mac address='52:54:00:6d:90:02'/></interface>")]
    public void Another_device_is_not_taken_for_it(string device) =>
        Assert.Null(Guest(device).Find(Function));

    [Theory]
    [InlineData("direct", "52:54:00:6D:90:02", true)]
    [InlineData("direct", "52:54:00:6d:90:03", false)]
    [InlineData("network", "52:54:00:6d:90:02", false)]
    [Trait("feature", "H20")]
    public void A_macvtap_is_known_by_its_MAC_address(string type, string mac, bool found)
    {
        var guest = Guest($"<interface type='{type}'><mac address='{mac}'/></interface>");

        Assert.Equal(found, guest.Find(Function with { VnicType = "macvtap" }) is not null);
    }

    [Theory]
    [InlineData("vm-1", true)]
    [InlineData("6BD6A367-3f0c-4211-b978-a3a52f5b908a", true)]
    [InlineData("7", false)]
    [InlineData("VM-1", false)]
    public void A_guest_is_known_by_its_name_or_UUID_and_never_by_its_number(string vmId, bool isIt) =>
        Assert.Equal(isIt, Guest("").Is(vmId));

    private static GuestDomain Guest(string devices) => new(XElement.Parse(
        $"""
        <domain type='kvm' id='7'><name>vm-1</name><uuid>6bd6a367-3f0c-4211-b978-a3a52f5b908a</uuid>
        <devices>{devices}</devices></domain>
        """));
}
