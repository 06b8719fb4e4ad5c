using Platform.Pci;
using Platform.Pci.Requests;
using Platform.Scheduler;
using Platform.Scheduler.Domain;

namespace Platform.Unit.Tests.Scheduler;

public class FlavorTests
{
    private static readonly AliasTable Aliases = AliasTable.Parse(
    [
        """{"name": "gpu", "vendor_id": "10de", "product_id": "1db4", "numa_policy": "preferred"}""",
        """{"name": "gpu", "vendor_id": "10de", "product_id": "1db6", "numa_policy": "preferred"}""",
        """{"name": "nvme", "vendor_id": "144d"}""",
    ]);

    [Fact, Trait("feature", "C25"), Trait("feature", "C26"), Trait("feature", "D11")]
    public void A_flavor_asks_by_alias_and_its_policy_goes_before_the_aliases()
    {
        var plain = Read(("pci_passthrough:alias", "gpu:2,nvme:1,nvme:0"));
        var strict = Read(
            ("pci_passthrough:alias", "gpu:1"), ("hw:pci_numa_affinity_policy", "required"),
            ("hw:numa_nodes", "2"));

        Assert.Equal(
            [("gpu", 2), ("nvme", 1)], plain.Devices.Select(asked => (asked.AliasName!, asked.Count)));
        Assert.Equal(2, plain.Devices[0].Spec.Count);
        Assert.Equal(NumaPolicy.Preferred, plain.Devices[0].NumaPolicy);
        Assert.Null(plain.GuestCells);
        Assert.Equal((NumaPolicy.Required, 2), (strict.Devices[0].NumaPolicy, strict.GuestCells));
    }

    [Fact, Trait("feature", "C14")]
    public void A_flavor_without_PCI_keys_asks_for_nothing() =>
        Assert.Empty(Read(("hw:cpu_policy", "dedicated"), ("pci_passthrough:alias", " ")).Devices);

    [Theory, Trait("feature", "U29")]
    [InlineData("pci_passthrough:alias", "fpga:1", "no alias has this name")]
    [InlineData("pci_passthrough:alias", "gpu:65", "it asks for 65 devices")]
    [InlineData("pci_passthrough:alias", "gpu", "write name:count")]
    [InlineData("hw:numa_nodes", "0", "write a number of 1 to 64")]
    [InlineData("hw:numa_nodes", "one", "write a number of 1 to 64")]
    [InlineData("hw:pci_numa_affinity_policy", "near", "write required, legacy, preferred or socket")]
    public void What_cannot_be_read_is_refused_with_what_is_allowed(string key, string value, string allowed)
    {
        var refused = Assert.Throws<RequestRefusedException>(() => Read((key, value)));

        Assert.Contains(key, refused.Message);
        Assert.Contains(allowed, refused.Message);
    }

    [Fact, Trait("feature", "U29")]
    public void A_wrong_alias_is_refused_at_start() =>
        Assert.Contains(
            "alias 1: vendor_id '10d' is refused: write four hex digits",
            SchedulerOptions.Refuse(new() { Alias = ["""{"name": "gpu", "vendor_id": "10d"}"""] }));

    private static Flavor Read(params (string Key, string? Value)[] extraSpecs) =>
        Flavor.Read(extraSpecs.ToDictionary(pair => pair.Key, pair => pair.Value), Aliases);
}
