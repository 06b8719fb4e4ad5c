using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

public class PciAddressTests
{
    [Theory]
    [InlineData("0000:00:00.0")]
    [InlineData("0000:3b:02.4")]
    [InlineData("ffff:ff:1f.7")]
    public void An_address_is_written_as_it_was_read(string text) =>
        Assert.Equal(text, PciAddress.Parse(text).ToString());

    [Fact]
    public void Upper_case_is_read_and_lower_case_is_written() =>
        Assert.Equal("ffff:ff:1f.7", PciAddress.Parse("FFFF:FF:1F.7").ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3b:02.4")]
    [InlineData("0000:3b:02.8")]
    [InlineData("0000:3b:20.0")]
    [InlineData("10000:3b:02.0")]
    [InlineData("0000:3b:02:4")]
    [InlineData("000g:3b:02.4")]
    [InlineData(" 000:3b:02.4")]
    [InlineData("0000:+b:02.4")]
    [InlineData("000\0:3b:02.4")]
    public void What_is_no_address_is_refused_with_the_text_and_the_reason(string? text)
    {
        Assert.False(PciAddress.TryParse(text, out _, out var reason));

        Assert.Contains($"'{text}' is not a PCI address", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_are_ordered_as_the_kernel_orders_them()
    {
        string[] inOrder = ["0000:00:00.0", "0000:00:00.7", "0000:00:1f.0", "0000:01:00.0", "0001:00:00.0"];

        var sorted = inOrder.Reverse().Select(PciAddress.Parse).Order();

        Assert.Equal(inOrder, sorted.Select(address => address.ToString()));
    }
}
