using Microsoft.Extensions.Logging.Abstractions;
using Platform.HostAgent;
using Platform.HostAgent.Devices;
using Platform.HostAgent.Devices.Simulated;
using Platform.HostAgent.Options;
using Platform.Pci;
using Platform.ServiceDefaults;

namespace Platform.Unit.Tests.HostAgent;

public sealed class DeviceSpecTests
{
    private const string FirstPf = "0000:3b:00.0";
    private const string SecondPf = "0000:5e:00.0";

    private List<string> configured = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("feature", "A10"), Trait("feature", "A12")]
    public async Task A_PF_named_in_the_spec_offers_itself_and_its_VFs_with_its_tags()
    {
        configured = [$$"""{"address": "{{FirstPf}}", "physical_network": "physnet1", "rack": "r7"}"""];

        var offered = await Devices().Read(Stop);

        Assert.Equal(3, offered.Count);
        Assert.All(offered, device => Assert.Equal(FirstPf, $"{device.Parent ?? device.Address}"));
        Assert.All(offered, device => Assert.Equal("physnet1", device.Tags["physical_network"]));
        Assert.All(offered, device => Assert.Equal("r7", device.Tags["rack"]));
    }

    [Fact, Trait("feature", "A13")]
    public async Task The_first_entry_that_matches_says_what_a_function_is()
    {
        configured =
        [
            $$"""[{"address": "{{SecondPf}}", "physical_network": "physnet2"}]""",
            """{"vendor_id": "8086", "product_id": "154c", "physical_network": "physnet1"}""",
        ];

        var offered = await Devices().Read(Stop);

        Assert.Equal(
            [(FirstPf, "physnet1"), (SecondPf, "physnet2")],
            offered.Where(device => device.Type == DeviceType.Vf)
                .Select(device => ($"{device.Parent}", device.Tags["physical_network"]!)).Distinct());
        Assert.Equal([SecondPf], offered.Where(d => d.Type == DeviceType.Pf).Select(d => $"{d.Address}"));
    }

    [Fact, Trait("feature", "A20")]
    public async Task A_changed_spec_is_read_at_once_and_one_that_cannot_be_read_changes_nothing()
    {
        var devices = Devices();
        Assert.Equal(6, (await devices.Read(Stop)).Count);

        configured = [$$"""{"address": "{{FirstPf}}"}"""];
        Assert.Equal(3, (await devices.Read(Stop)).Count);
        configured = ["""{"address": "nonsense"}"""];
        Assert.Equal(3, (await devices.Read(Stop)).Count);
        configured = [];
        Assert.Equal(6, (await devices.Read(Stop)).Count);
    }

    [Theory, Trait("feature", "A15")]
    [InlineData("""{"vendor_id": "80867"}""", "80867")]
    [InlineData("""{"address": "0000:3b:00.9"}""", "the most is 7")]
    [InlineData("{", "JSON")]
    public void A_spec_that_is_wrong_is_refused_at_start_with_its_entry_and_value(string spec, string named)
    {
        var refused = Assert.Throws<SettingRefusedException>(() => PlatformHost.Build(
            [
                "--Urls=http://127.0.0.1:0", "--HostAgent:Hosts:0:HostId=host-1",
                $"--HostAgent:DeviceSpec:0={spec}",
            ],
            [HostAgentService.Module]));

        Assert.Contains("HostAgent:DeviceSpec", refused.Message);
        Assert.Contains("entry 1", refused.Message);
        Assert.Contains(named, refused.Message);
    }

    private OfferedDevices Devices()
    {
        var options = new AgentHostOptions
        {
            HostId = "host-1",
            Pfs =
            [
                new() { Address = FirstPf, NumVfs = 2, PhysicalNetwork = "simulated" },
                new() { Address = SecondPf, NumVfs = 2 },
            ],
        };
        return new(
            options.HostId, new SimulatedHost(options, new([]), new(null)), () => configured,
            () => [], NullLogger.Instance);
    }
}
