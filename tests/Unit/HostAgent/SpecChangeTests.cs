using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.HostAgent;
using Platform.HostAgent.Agents;
using Platform.HostAgent.Devices;
using Platform.HostAgent.Devices.Simulated;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Options;
using Platform.Pci;
using Platform.ServiceDefaults;

namespace Platform.Unit.Tests.HostAgent;

/// <summary>A device spec that changes while guests have functions that it offered.</summary>
public sealed class SpecChangeTests : IDisposable
{
    private const string Pf = "0000:3b:00.0";
    private const string Vf0 = "0000:3b:02.0";
    private const string Vf1 = "0000:3b:02.1";
    private const string OnlyPf = $$"""{"address": "{{Pf}}", "product_id": "1572"}""";
    private const string OnlyVfs = """{"product_id": "154c"}""";
    private const string OnlyVf1 = $$"""{"address": "{{Vf1}}"}""";

    private static readonly Guid Claim = new("c0000000-0000-0000-0000-000000000000");

    private readonly Lines log = new();
    private readonly OfferedDevices devices;
    private readonly SimulatedHost host;
    private readonly Agent agent;
    private IReadOnlyList<string> configured = [];

    public SpecChangeTests()
    {
        var options = new AgentHostOptions
        {
            HostId = "host-1",
            Pfs = [new() { Address = Pf, NumVfs = 2 }],
        };
        host = new(options, new([]), new(null));
        devices = new("host-1", host, () => configured, () => agent!.State.Functions.Values, log);
        agent = new("host-1", devices, new(null), TimeProvider.System);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => agent.Dispose();

    [Fact, Trait("feature", "A20"), Trait("feature", "AX22")]
    public async Task A_function_that_a_guest_has_is_offered_no_more_and_kept_and_a_warning_says_whose_it_is()
    {
        await Offer(OnlyVfs);
        await Plug(Vf0);

        var offered = await Offer(OnlyVf1);

        Assert.Equal([Vf1], offered);
        var warning = log.Single(line => line.Level == LogLevel.Warning).Text;
        Assert.All(
            ["host-1", Vf0, "vm-1", $"{Claim}"], part => Assert.Contains(part, warning));
        Assert.Equal("vm-1", host.Hardware.Of(PciAddress.Parse(Vf0)).VmId);
        Assert.Contains(await devices.ReadAll(Stop), device => $"{device.Address}" == Vf0);
    }

    [Fact, Trait("feature", "A20")]
    public async Task Nobody_is_warned_of_a_function_that_no_guest_has()
    {
        await Offer(OnlyVfs);
        await Plug(Vf1);

        Assert.Equal([Vf1], await Offer(OnlyVf1));
        Assert.DoesNotContain(log, line => line.Level > LogLevel.Information);
    }

    [Theory, Trait("feature", "AX23")]
    [InlineData(OnlyVfs, Vf0, OnlyPf)]
    [InlineData(OnlyPf, Pf, OnlyVfs)]
    public async Task A_spec_that_swaps_a_pf_and_its_vfs_under_a_guest_is_refused_once_and_clearly(
        string before, string taken, string after)
    {
        var offered = await Offer(before);
        await Plug(taken);

        Assert.Equal(offered, await Offer(after));
        Assert.Equal(offered, await Offer(after));

        var refused = log.Single(line => line.Level == LogLevel.Error).Text;
        Assert.All(
            ["goes on with its former", $"PF {Pf}", $"VF {Vf0}", $"claim {Claim}", "Stop vm-1"],
            part => Assert.Contains(part, refused));
    }

    [Fact, Trait("feature", "AX23")]
    public async Task A_refused_spec_is_taken_when_the_guest_is_gone()
    {
        await Offer(OnlyVfs);
        await Plug(Vf0);
        await Offer(OnlyPf);

        await agent.Clean(1, [PciAddress.Parse(Vf0)], Stop);

        Assert.Equal([Pf], await Offer(OnlyPf));
    }

    [Fact, Trait("feature", "AX23")]
    public async Task A_refused_spec_that_is_taken_back_is_forgotten()
    {
        var offered = await Offer(OnlyVfs);
        await Plug(Vf0);
        await Offer(OnlyPf);
        await Offer(OnlyVfs);

        await agent.Clean(1, [PciAddress.Parse(Vf0)], Stop);

        Assert.Equal(offered, await Offer(OnlyVfs));
    }

    [Fact, Trait("feature", "A20"), Trait("feature", "AX22")]
    public async Task Where_both_kinds_were_offered_one_may_be_left_out()
    {
        await Offer(OnlyPf, OnlyVfs);
        await Plug(Vf0);

        Assert.Equal([Pf], await Offer(OnlyPf));
    }

    [Fact, Trait("feature", "AX22"), Trait("feature", "E7")]
    public async Task The_number_of_VFs_is_not_changed_while_a_guest_has_one_that_is_offered_no_more()
    {
        await Offer(OnlyPf, OnlyVfs);
        await Plug(Vf0);
        await Offer(OnlyPf);

        var refusal = await agent.SetVfCount(PciAddress.Parse(Pf), 0, Stop);

        Assert.Contains($"{Vf0} by vm-1", refusal!.Reason);
    }

    [Fact, Trait("feature", "AX22")]
    public async Task What_was_claimed_before_the_spec_changed_may_still_be_plugged()
    {
        await Offer(OnlyVf1);

        await Plug(Vf0);

        Assert.Equal("vm-1", host.Hardware.Of(PciAddress.Parse(Vf0)).VmId);
    }

    [Fact, Trait("feature", "AX23")]
    public async Task The_agents_of_a_process_look_at_what_their_guests_have_before_they_take_a_spec()
    {
        const string Setting = "HostAgent:DeviceSpec:0";
        await using var app = PlatformHost.Build(
            [
                "--Urls=http://127.0.0.1:0", "--HostAgent:Hosts:0:HostId=host-1",
                $"--HostAgent:Hosts:0:Pfs:0:Address={Pf}", "--HostAgent:Hosts:0:Pfs:0:NumVfs=2",
                $"--{Setting}={OnlyVfs}",
            ],
            [HostAgentService.Module]);
        var fleet = app.Services.GetRequiredService<AgentFleet>();
        var theirs = fleet.ByHost["host-1"].Agent;
        Assert.Equal(2, (await theirs.Devices.Read(Stop)).Count);
        await Plug(theirs, Vf0);

        app.Configuration[Setting] = OnlyPf;

        Assert.Equal(2, (await theirs.Devices.Read(Stop)).Count);
    }

    private async Task<IEnumerable<string>> Offer(params IReadOnlyList<string> spec)
    {
        configured = spec;
        return [.. (await devices.Read(Stop)).Select(device => $"{device.Address}")];
    }

    private Task Plug(string address) => Plug(agent, address);

    private static async Task Plug(Agent agent, string address)
    {
        await agent.Admit(agent.InstanceId, 1, [], Stop);
        var function = new PluggedFunction(
            PciAddress.Parse(address), Claim, "vm-1", Claim, 1, "port",
            address == Pf ? "direct-physical" : "direct", "fa:16:3e:00:00:01", null);
        Assert.Null(await agent.Plug(new(Claim, 1, DateTimeOffset.MaxValue, [function]), Stop));
    }

    private sealed class Lines : List<(LogLevel Level, string Text)>, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Add((logLevel, formatter(state, exception)));
    }
}
