using Platform.HostAgent.Agents;
using Platform.HostAgent.Devices.Simulated;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Options;
using Platform.HostAgent.Storage;
using Platform.Pci;

namespace Platform.Unit.Tests.HostAgent;

public sealed class AgentTests : IDisposable
{
    private static readonly DateTimeOffset Later = DateTimeOffset.UtcNow.AddHours(1);
    private static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.0");
    private static readonly PciAddress Vf0 = PciAddress.Parse("0000:3b:02.0");
    private static readonly PciAddress Vf1 = PciAddress.Parse("0000:3b:02.1");
    private readonly string folder = Directory.CreateTempSubdirectory("host-agent-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    [Trait("invariant", "5")]
    public async Task Nothing_is_plugged_before_admission()
    {
        var (agent, host) = Start();

        var failure = await agent.Plug(Order(1, Vf0), Stop);

        Assert.Contains("not admitted", failure, StringComparison.Ordinal);
        Assert.Empty(host.Hardware.Settings);
        Assert.Null(await agent.Clean(1, [Vf0], Stop));
    }

    [Fact]
    public async Task An_admission_of_another_life_is_ignored()
    {
        var (agent, _) = Start();

        Assert.False(await agent.Admit(Guid.NewGuid(), 1, [], Stop));
        Assert.False(agent.State.IsAdmitted);
    }

    [Fact]
    [Trait("invariant", "5")]
    public async Task The_fences_that_come_with_the_admission_refuse_old_plugs()
    {
        var (agent, _) = Start();
        await agent.Admit(agent.InstanceId, 1, [KeyValuePair.Create(Vf0, 7L)], Stop);

        var failure = await agent.Plug(Order(7, Vf0), Stop);

        Assert.Contains("fenced at generation 7", failure, StringComparison.Ordinal);
        Assert.Null(await agent.Plug(Order(8, Vf0), Stop));
    }

    [Fact]
    public async Task A_plug_that_fails_half_way_leaves_nothing_plugged()
    {
        var (agent, host) = await Admitted(
            new FaultOptions { Operation = "plug", Address = Vf1.ToString(), Reason = "No luck." });

        var failure = await agent.Plug(Order(1, Vf0, Vf1), Stop);

        Assert.Contains("No luck.", failure, StringComparison.Ordinal);
        Assert.Empty(host.Hardware.Settings);
        Assert.Empty(agent.State.Functions);
        Assert.Null(await agent.Plug(Order(1, Vf0, Vf1), Stop));
        Assert.All([Vf0, Vf1], vf => Assert.Equal("vm-1", host.Hardware.Of(vf).VmId));
    }

    [Fact]
    public async Task A_plug_is_void_after_its_time_but_one_that_was_done_is_still_answered()
    {
        var (agent, _) = await Admitted();
        var order = Order(1, Vf0) with { NotAfter = DateTimeOffset.UnixEpoch };

        Assert.Contains("Too late", await agent.Plug(order, Stop), StringComparison.Ordinal);
        Assert.Null(await agent.Plug(order with { NotAfter = Later }, Stop));
        Assert.Null(await agent.Plug(order, Stop));
    }

    [Theory]
    [InlineData(0, "fa:16:3e:00:00:01", "VLAN 0")]
    [InlineData(4095, "fa:16:3e:00:00:01", "VLAN 4095")]
    [InlineData(101, "01:00:5e:00:00:01", "not a unicast address")]
    [InlineData(101, "00:00:00:00:00:00", "not a unicast address")]
    [InlineData(101, "nonsense", "not a unicast address")]
    public async Task Settings_that_the_kernel_would_accept_and_a_guest_not_survive_are_refused(
        int vlan, string mac, string why)
    {
        var (agent, _) = await Admitted();
        var order = Order(1, Vf0);

        var failure = await agent.Plug(
            order with { Functions = [order.Functions[0] with { Vlan = vlan, MacAddress = mac }] }, Stop);

        Assert.Contains(why, failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PF_and_its_VFs_exclude_each_other()
    {
        var (agent, _) = await Admitted();
        var pf = Order(2, Pf);
        pf = pf with { Functions = [pf.Functions[0] with { VnicType = "direct-physical" }] };
        await agent.Plug(Order(1, Vf0), Stop);

        Assert.Contains("of the same card is held", await agent.Plug(pf, Stop), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("invariant", "6")]
    public async Task A_clean_that_fails_is_reported_for_its_function_alone()
    {
        var (agent, host) = await Admitted(
            new FaultOptions { Operation = "clean", Address = Vf0.ToString(), Times = -1 });
        await agent.Plug(Order(1, Vf0, Vf1), Stop);

        var outcome = await agent.Clean(1, [Vf0, Vf1], Stop);

        Assert.Equal([Vf1], outcome!.Done);
        Assert.Equal([Vf0], outcome.Failures.Keys);
        Assert.Equal([Vf0], host.Hardware.Settings.Keys);
    }

    [Fact]
    [Trait("invariant", "5")]
    public async Task Fences_plugs_and_settings_outlive_the_process()
    {
        var (agent, _) = await Admitted();
        await agent.Plug(Order(3, Vf0), Stop);
        await agent.Unplug(Guid.NewGuid(), 5, [Vf1], Stop);

        var (reborn, host) = Start();

        Assert.False(reborn.State.IsAdmitted);
        Assert.Equal(5, reborn.State.FenceOf(Vf1));
        Assert.Equal("vm-1", reborn.State.At(Vf0)!.VmId);
        Assert.Equal(101, host.Hardware.Of(Vf0).Vlan);
    }

    [Fact]
    [Trait("feature", "E7")]
    public async Task The_number_of_VFs_is_not_changed_while_a_guest_has_one()
    {
        var (agent, host) = await Admitted();
        await agent.Plug(Order(1, Vf0), Stop);

        var refusal = await agent.SetVfCount(Pf, 0, Stop);

        Assert.Contains("0000:3b:02.0 by vm-1", refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal(5, (await host.Read(Stop)).Count);
    }

    private async Task<(Agent Agent, SimulatedHost Host)> Admitted(params FaultOptions[] faults)
    {
        var (agent, host) = Start(faults);
        await agent.Admit(agent.InstanceId, 1, [], Stop);
        return (agent, host);
    }

    [Fact, Trait("feature", "C14")]
    public async Task A_function_of_no_port_is_given_as_it_is()
    {
        var (agent, host) = Start();
        await agent.Admit(agent.InstanceId, 1, [], Stop);
        var order = Order(5, Pf);
        order = order with
        {
            Functions =
            [
                .. order.Functions.Select(function => function with
                {
                    PortId = null,
                    VnicType = null,
                    MacAddress = null,
                    Vlan = null,
                }),
            ],
        };

        Assert.Null(await agent.Plug(order, Stop));

        Assert.Equal(
            ("00:00:00:00:00:00", 0, "vfio-pci"),
            (host.Hardware.Of(Pf).MacAddress, host.Hardware.Of(Pf).Vlan, host.Hardware.Of(Pf).Driver));
    }

    private (Agent Agent, SimulatedHost Host) Start(params FaultOptions[] faults)
    {
        var options = new AgentHostOptions
        {
            HostId = "host-1",
            Pfs = [new() { Address = Pf.ToString(), PhysicalNetwork = "physnet1", NumVfs = 4, TotalVfs = 8 }],
        };
        var host = new SimulatedHost(options, new(faults), new(Path.Combine(folder, "hardware.json")));
        return (new("host-1", host, new(Path.Combine(folder, "agent.json")), TimeProvider.System), host);
    }

    private static PlugOrder Order(long generation, params PciAddress[] addresses)
    {
        var claim = new Guid(new byte[15].Append((byte)generation).ToArray());
        return new(claim, generation, Later, [
            .. addresses.Select((address, i) => new PluggedFunction(
                address, claim, "vm-1", claim, generation, $"port-{i}", "direct", $"fa:16:3e:00:00:0{i}",
                101)),
        ]);
    }
}
