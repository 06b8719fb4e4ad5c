using Microsoft.Extensions.Logging.Abstractions;
using Platform.HostAgent;
using Platform.HostAgent.Agents;
using Platform.HostAgent.Devices.Kernel;
using Platform.HostAgent.Domain.Discovery;
using Platform.HostAgent.Options;
using Platform.Pci;
using Platform.ServiceDefaults;

namespace Platform.Unit.Tests.HostAgent.Kernel;

public sealed class KernelHostTests
{
    private const string Host = "--HostAgent:Hosts:0:HostId=host-1";
    private const string Kernel = "--HostAgent:Hosts:0:Kernel=true";

    private static readonly PciAddress Vf = PciAddress.Parse("0000:21:10.0");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Pfs", Kernel, "--HostAgent:Hosts:0:Pfs:0:Address=0000:3b:00.0")]
    [InlineData("/nowhere", Kernel, "--HostAgent:Hosts:0:SysfsRoot=/nowhere")]
    [InlineData("Kernel is not set", "--HostAgent:Hosts:0:SysfsRoot=/sys")]
    [InlineData(
        "host-1 and host-2", Kernel, "--HostAgent:Hosts:1:HostId=host-2", "--HostAgent:Hosts:1:Kernel=true",
        "--HostAgent:Hosts:1:SysfsRoot=/sys")]
    public void A_host_that_is_half_real_and_half_simulated_is_refused_at_start(
        string named, params string[] settings)
    {
        var refused = Assert.Throws<SettingRefusedException>(() => PlatformHost.Build(
            ["--Urls=http://127.0.0.1:0", Host, .. settings], [HostAgentService.Module]));

        Assert.Contains(named, refused.Message);
    }

    [Fact, Trait("feature", "A15")]
    public async Task A_host_on_the_kernel_starts_with_a_spec_that_is_read_with_what_the_kernel_says()
    {
        using var tree = RecordedTree.Before;

        await using var built = PlatformHost.Build(
            [
                "--Urls=http://127.0.0.1:0", Host, Kernel, $"--HostAgent:Hosts:0:SysfsRoot={tree.Root}",
                """--HostAgent:DeviceSpec:0={"devname": "eth2"}""",
            ],
            [HostAgentService.Module]);

        Assert.NotNull(built);
    }

    [Fact, Trait("feature", "H20")]
    public async Task A_function_is_asked_for_its_network_device()
    {
        using var tree = RecordedTree.After;
        using var host = new KernelHost("host-1", NullLogger.Instance, tree.Root);
        await host.Read(Stop);
        var (netdev, function) = host.Facts.Netdevs.First();

        Assert.Equal(netdev, await host.NetdevOf(function, Stop));
        Assert.Null(await host.NetdevOf(PciAddress.Parse("ffff:ff:1f.7"), Stop));
    }

    [Fact]
    public async Task What_cannot_be_done_yet_is_refused_in_words()
    {
        using var tree = RecordedTree.After;
        using var host = new KernelHost("host-1", NullLogger.Instance, tree.Root);
        var guest = new Platform.HostAgent.Domain.PluggedFunction(
            Vf, Guid.Empty, "vm-1", Guid.Empty, 1, null, null, null, null);

        var refusals = new[]
        {
            await host.Plug(guest, Stop), await host.Unplug(guest, Stop), await host.Clean(Vf, Stop),
            await host.SetVfCount(Vf, 1, Stop),
        };

        Assert.All(refusals, refusal => Assert.Equal("EOPNOTSUPP", refusal?.Error));
        Assert.All(refusals, refusal => Assert.Contains("only sees functions yet", refusal!.Reason));
    }

    [Fact, Trait("feature", "G34")]
    public async Task A_rest_ends_when_the_host_changes()
    {
        var pace = new AgentPace(
            new() { HeartbeatInterval = TimeSpan.FromDays(1) }, TimeProvider.System);
        var changed = new TaskCompletionSource();

        var rest = pace.Rest(false, changed.Task.WaitAsync, Stop);
        Assert.False(rest.IsCompleted);
        changed.SetResult();

        await rest.WaitAsync(TimeSpan.FromSeconds(30), Stop);
    }

    [Theory, Trait("feature", "G34")]
    [InlineData("add@/devices/pci0000:20/0000:21:10.0\0ACTION=add\0SUBSYSTEM=pci\0SEQNUM=7\0", true)]
    [InlineData("add@/devices/virtual/net/up0\0SUBSYSTEM=net\0", true)]
    [InlineData("change@/devices/virtual/block/loop0\0SUBSYSTEM=block\0", false)]
    public void What_the_kernel_tells_of_devices_and_networks_matters(string message, bool matters) =>
        Assert.Equal(matters, Uevent.Parse(message)?.Matters);

    [Theory]
    [InlineData("libudev\0\u00fe\u00ed")]
    [InlineData("")]
    [InlineData("add@/devices/x\0ACTION=add\0")]
    [InlineData("@/devices/x\0SUBSYSTEM=pci\0")]
    public void What_the_kernel_did_not_tell_is_let_pass(string message) =>
        Assert.Null(Uevent.Parse(message));
}
