using Platform.HostAgent.Devices.Kernel;
using Platform.HostAgent.Domain.Discovery;
using Platform.Support;

namespace Platform.Kernel.Tests;

public sealed class UseTests : IAsyncLifetime
{
    private readonly KernelHost host = Guest.Host();
    private string address = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Guest.Need();
        await Guest.Run("modprobe -a igbvf vfio-pci 8021q macvlan macvtap bridge bonding");
        await Guest.Run($"ip link set $(ls /sys/bus/pci/devices/{Guest.Pf}/net) up");
        await Guest.SetVfs(Guest.Pf, 2);
        address = $"{Guest.VfsOf(await Guest.Read(host), Guest.Pf)[0].Device.Address}";
    }

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await Guest.Run("[ ! -e /sys/class/net/top0 ] || ip link del top0");
    }

    [Theory, Trait("feature", "B17"), Trait("feature", "B18"), Trait("feature", "B19")]
    [InlineData("VLAN", "ip link add link VF name top0 type vlan id 5")]
    [InlineData("macvtap", "ip link add link VF name top0 type macvtap")]
    [InlineData("bridge", "ip link add top0 type bridge && ip link set VF master top0")]
    [InlineData("bond", "ip link add top0 type bond && ip link set VF down && ip link set VF master top0")]
    [InlineData(null, "ip link add link VF name top0 type macvlan")]
    public async Task What_is_on_top_of_a_VF_says_whether_it_is_free(string? kind, string command)
    {
        await Guest.Sees(host, "the VF has a network device", seen => Vf(seen).Netdevs.Count == 1);
        var netdev = Vf(host.Latest).Netdevs[0].Name;
        // Before they are linked, its PF does not answer it, and it refuses a VLAN.
        await Guest.Run($"ip link set {netdev} up");
        await Guest.Sees(host, "the VF has its link", seen => Vf(seen).Netdevs[0].HasCarrier == true);

        await Guest.Run(command.Replace("VF", netdev, StringComparison.Ordinal));

        var vf = Vf(await Guest.Read(host));
        Assert.Equal("top0", Assert.Single(vf.Netdevs[0].Uppers).Name);
        var use = kind is null ? null : $"The {kind} top0 is on top of its network device {netdev}.";
        Assert.Equal(use, vf.Use);
        await Guest.Run("ip link del top0");
        Assert.Null(Vf(await Guest.Read(host)).Use);
    }

    [Fact, Trait("feature", "B16")]
    public async Task A_function_that_a_process_holds_through_VFIO_is_in_use_until_it_is_let_go()
    {
        await BindToVfio();
        Assert.Null(Vf(await Guest.Read(host)).Use);

        using var holder = await Hold();

        var used = Vf(await Guest.Read(host));
        Assert.Contains($"process {holder.Id} (bash)", used.Use);
        Assert.Contains("VFIO", used.Use);
        await LetGo(holder);
        Assert.Null(Vf(await Guest.Read(host)).Use);
    }

    [Fact, Trait("feature", "G36")]
    public async Task A_write_that_waits_for_a_guest_keeps_nobody_from_reading()
    {
        await BindToVfio();
        using var holder = await Hold();
        using var writer = Guest.Start($"echo 0 > /sys/bus/pci/devices/{Guest.Pf}/sriov_numvfs");
        await Eventually.True("the write waits in the kernel", () => IsWaiting(writer.Id), Stop);

        var seen = await Guest.Read(host);

        Assert.False(writer.HasExited);
        Assert.Contains(seen.Functions, function => $"{function.Device.Address}" == Guest.Pf);
        // Half gone already: its PF does not list it any more.
        Assert.DoesNotContain(seen.Functions, function => $"{function.Device.Address}" == address);
        await LetGo(holder);
        await writer.WaitForExitAsync(Stop);
        await Guest.Sees(host, "the VFs are gone", now => Guest.VfsOf(now, Guest.Pf).Count == 0);
    }

    private SeenFunction Vf(HostSnapshot seen) =>
        seen.Functions.Single(function => $"{function.Device.Address}" == address);

    private async Task BindToVfio()
    {
        var folder = $"/sys/bus/pci/devices/{address}";
        await Guest.Run(
            $"echo vfio-pci > {folder}/driver_override; "
            + $"[ ! -e {folder}/driver ] || echo {address} > {folder}/driver/unbind; "
            + $"echo {address} > /sys/bus/pci/drivers_probe");
        await Guest.Sees(host, "the VF is on vfio-pci", seen => Vf(seen).Driver == "vfio-pci");
    }

    // The group alone does not hold the function: it is opened as a guest does, through its own file.
    private async Task<System.Diagnostics.Process> Hold()
    {
        var file = Directory.Exists("/dev/vfio/devices")
            ? $"/dev/vfio/devices/{Path.GetFileName(Directory.GetDirectories(
                $"/sys/bus/pci/devices/{address}/vfio-dev").Single())}"
            : $"/dev/vfio/{Vf(host.Latest).Device.IommuGroup}";
        var holder = Guest.Start($"exec 7<>{file}; echo held; read line");
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(Stop));
        return holder;
    }

    private static async Task LetGo(System.Diagnostics.Process holder)
    {
        holder.StandardInput.Close();
        await holder.WaitForExitAsync(Stop);
    }

    // State D: it cannot be interrupted.
    private static bool IsWaiting(int process) =>
        File.ReadAllText($"/proc/{process}/stat").Split(' ') is [_, _, "D", ..];
}
