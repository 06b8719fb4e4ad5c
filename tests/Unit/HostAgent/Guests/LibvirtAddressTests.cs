using System.Xml.Linq;
using Platform.HostAgent.Domain.Guests;
using Platform.Pci;

namespace Platform.Unit.Tests.HostAgent.Guests;

[Trait("feature", "H11")]
public class LibvirtAddressTests
{
    [Theory]
    [InlineData("domain='0x0000' bus='0x3b' slot='0x02' function='0x1'", "0000:3b:02.1")]
    [InlineData("domain='0' bus='59' slot='2' function='1'", "0000:3b:02.1")]
    [InlineData("type='pci' domain='65535' bus='255' slot='31' function='7'", "ffff:ff:1f.7")]
    [InlineData("bus='0X3B' slot='0x2'", "0000:3b:02.0")]
    [InlineData("domain='0' bus='10' slot='010' function='3'", "0000:0a:08.3")]
    public void An_address_is_read_in_hex_decimal_and_octal_as_libvirt_reads_it(
        string attributes, string address) =>
        Assert.Equal(
            PciAddress.Parse(address), LibvirtAddress.Read(XElement.Parse($"<address {attributes}/>")));

    [Theory]
    [InlineData("domain='0x10000'")]
    [InlineData("bus='256'")]
    [InlineData("slot='0x20'")]
    [InlineData("function='8'")]
    [InlineData("function='08'")]
    [InlineData("function='0x'")]
    [InlineData("bus='3b'")]
    [InlineData("bus='-1'")]
    [InlineData("bus=' 1'")]
    [InlineData("bus=''")]
    [InlineData("bus='00000000001'")]
    public void What_is_no_address_is_refused(string attributes)
    {
        var refused = Assert.Throws<GuestRefusedException>(
            () => LibvirtAddress.Read(XElement.Parse($"<address {attributes}/>")));

        Assert.Contains(
            "is not the address of a PCI function: write", refused.Message, StringComparison.Ordinal);
        Assert.Equal(GuestRefusalKind.WrongAddress, refused.Kind);
    }

    [Fact]
    [Trait("feature", "H1")]
    public void What_is_written_is_read_again()
    {
        for (var place = 0; place < 1 << 16; place += 7)
        {
            var address = PciAddress.Parse($"{place:x4}:{place >> 8:x2}:{place >> 3 & 0x1f:x2}.{place & 7}");

            Assert.Equal(address, LibvirtAddress.Read(new("address", LibvirtAddress.Attributes(address))));
            Assert.Equal(address, LibvirtAddress.ReadNodedevName(LibvirtAddress.NodedevName(address)));
        }
    }

    [Fact]
    public void A_node_device_is_named_for_its_place() =>
        Assert.Equal("pci_0000_3b_02_1", LibvirtAddress.NodedevName(PciAddress.Parse("0000:3b:02.1")));

    [Theory]
    [InlineData("net_eth0_3b_02_1")]
    [InlineData("pci_0000_3b_02_8")]
    [InlineData("pci_0000_3b_20_1")]
    [InlineData("pci_0000_3b_02_1\n")]
    public void A_node_device_that_is_no_function_is_refused(string name) =>
        Assert.Contains(name.Trim(), Assert.Throws<GuestRefusedException>(
            () => LibvirtAddress.ReadNodedevName(name)).Message, StringComparison.Ordinal);
}
