using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Inventory.Consumers;
using Platform.Inventory.Domain;

namespace Platform.Unit.Tests.Inventory;

/// <summary>
/// What other programs send may lack anything: it is read all the same, and judged by the domain.
/// </summary>
[Trait("feature", "U29")]
public class ReadingTests
{
    private static readonly Device Good = new(
        "0000:3b:02.0", "15b3", "1018", "type-VF", "0000:3b:00.0", 0, 0, null, null, null, null,
        new Dictionary<string, string?> { ["physical_network"] = "physnet1" }, 9, 1);

    [Fact]
    public void A_bad_device_is_skipped_and_named_and_the_others_are_taken()
    {
        var problems = new List<string>();
        Device?[] reported =
        [
            null,
            Good with { Address = "3b:02.0" },
            Good with { Address = null! },
            Good with { Address = "0000:3b:20.0" },
            Good with { Address = "0000:3b:02.1", ParentAddress = "PF" },
            Good with { Address = "0000:3b:02.2", DeviceType = "type-XX" },
            Good with { Address = "0000:3b:02.3", VendorId = null! },
            Good with { Tags = null! },
            Good,
        ];

        var read = Reading.Devices(reported, problems);

        Assert.Equal("0000:3b:02.0", Assert.Single(read).Address.ToString());
        Assert.Equal((9, 1), (read[0].IommuGroup, read[0].IommuPeers));
        Assert.Equal(8, problems.Count);
        Assert.Contains("'0000:3b:20.0' is not a PCI address: its slot 20 is above 1f.", problems);
    }

    [Fact]
    [Trait("feature", "D10")]
    public void A_host_that_does_not_say_has_no_numa_cells_and_one_that_is_none_is_left_out()
    {
        Assert.Empty(Reading.Cells(null));
        Assert.Equal(
            [new(0, 0), new(1, null)], Reading.Cells([new(0, 0), null, new(-1, 0), new(1, null)]));
    }

    [Theory]
    [InlineData("near", null, "pf", "'near' is refused")]
    [InlineData(null, "3b:00.0", "pf", "is not a PCI address")]
    [InlineData(null, null, "host", "'host' is refused")]
    public void What_cannot_be_understood_refuses_the_claim_and_says_so(
        string? policy, string? pin, string by, string reason)
    {
        var order = Reading.Order(new ClaimDevices(
            Hosts.Boot(1), "vm", Hosts.Claim(1), "host-1",
            [new(Hosts.Boot(8), 1, [new Dictionary<string, string?>()], policy, pin)], 60, Hosts.Start,
            [new("spread", by, [Hosts.Boot(8)])]));

        var (answer, _) = Claiming.Decide(Hosts.Online(vfs: 1), order, Hosts.Start);

        var refused = Assert.IsType<Claiming.Refused>(answer);
        Assert.Equal("invalid", refused.Code);
        Assert.Contains(reason, refused.Reason);
    }

    [Fact]
    public void A_command_of_nulls_is_an_order_that_is_refused()
    {
        var order = Reading.Order(new ClaimDevices(
            Hosts.Boot(1), null!, Hosts.Claim(1), "host-1", [new(Hosts.Boot(8), 1, null!), null!], 60,
            Hosts.Start));
        var empty = Reading.Order(new ClaimDevices(Guid.Empty, null!, Guid.Empty, null!, null!, 0, default));

        Assert.Equal(2, order.Demand.Requests.Count);
        Assert.All(order.Demand.Requests, request => Assert.Empty(request.Spec));
        Assert.IsType<Claiming.Refused>(Claiming.Decide(Hosts.Online(vfs: 1), order, Hosts.Start).Answer);
        Assert.IsType<Claiming.Refused>(Claiming.Decide(Hosts.Online(vfs: 1), empty, Hosts.Start).Answer);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("hôte")]
    public void What_cannot_name_a_host_is_said_to(string? text) => Assert.NotNull(HostId.Problem(text));

    [Fact]
    public void A_host_may_be_called_as_computers_are() =>
        Assert.Null(HostId.Problem("compute-01.rack_3.example.org"));
}
