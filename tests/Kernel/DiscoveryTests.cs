using System.Diagnostics;
using System.Globalization;
using Platform.HostAgent.Devices.Kernel;
using Platform.Pci;

namespace Platform.Kernel.Tests;

public sealed class DiscoveryTests : IAsyncLifetime
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Guest.Need();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact, Trait("feature", "G31")]
    public async Task The_functions_are_those_that_lspci_lists()
    {
        await Guest.SetVfs(Guest.Pf, 7);
        using var host = Guest.Host();

        var seen = await Guest.Read(host);

        Assert.Empty(seen.Skipped);
        // "0000:01:00.0 0200: 8086:10c9 (rev 01)"; those of class 06 but for the one to ISA are bridges.
        var lines = (await Guest.Run("lspci -Dn")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var listed = from line in lines
                     let words = line.Split(' ')
                     where !words[1].StartsWith("06", StringComparison.Ordinal)
                         || words[1] is "0601:" or "0680:"
                     select $"{words[0]} {words[2]}";
        Assert.Equal(
            listed.Order(StringComparer.Ordinal),
            seen.Functions.Select(f => f.Device).Select(d => $"{d.Address} {d.VendorId}:{d.ProductId}"));
    }

    [Fact, Trait("feature", "G1"), Trait("feature", "G2"), Trait("feature", "G13"), Trait("feature", "G19")]
    public async Task PFs_and_VFs_are_as_sysfs_has_them()
    {
        await Guest.SetVfs(Guest.OtherPf, 4);
        using var host = Guest.Host();

        var seen = await Guest.Read(host);

        var pfs = seen.Functions.Select(f => f.Device).Where(d => d.Type == DeviceType.Pf).ToList();
        Assert.Equal(3, pfs.Count);
        Assert.All(pfs, pf => Assert.Equal(Number(pf, "sriov_totalvfs"), pf.TotalVfs));
        Assert.All(pfs, pf => Assert.Equal(Number(pf, "sriov_numvfs"), pf.NumVfs));
        Assert.All(seen.Functions, f => Assert.Equal(
            Number(f.Device, "numa_node") is var node && node >= 0 ? node : null, f.Device.NumaNode));
        Assert.All(seen.Functions.Where(f => f.Netdevs.Count > 0 && f.Device.Type != DeviceType.Pci), f =>
            Assert.Equal(
                Guest.Sysfs($"{f.Device.Address}", $"net/{f.Netdevs[0].Name}/address"),
                f.Netdevs[0].MacAddress));
        var vfs = Guest.VfsOf(seen, Guest.OtherPf).Select(f => f.Device).ToList();
        Assert.Equal([0, 1, 2, 3], vfs.Select(vf => vf.VfIndex!.Value));
        foreach (var vf in vfs)
        {
            var folder = $"/sys/bus/pci/devices/{Guest.OtherPf}/virtfn{vf.VfIndex}";
            Assert.Equal($"{vf.Address}", (await Guest.Run($"basename $(readlink {folder})")).Trim());
            var group = await Guest.Run($"basename $(readlink -f {folder}/iommu_group)");
            Assert.Equal($"{vf.IommuGroup}", group.Trim());
            Assert.Equal(0, vf.IommuPeers);
        }
    }

    [Fact]
    public async Task NUMA_cells_have_the_sockets_of_their_processors()
    {
        using var host = Guest.Host();

        Assert.Equal([new(0, 0), new NumaCell(1, 1)], (await Guest.Read(host)).NumaCells);
    }

    [Fact, Trait("feature", "G34"), Trait("feature", "E8")]
    public async Task VFs_are_seen_within_a_second_of_the_write_that_made_them()
    {
        using var host = Guest.Host();
        await Guest.Read(host);
        var best = TimeSpan.MaxValue;
        foreach (var count in new[] { 4, 0, 7, 0, 1, 0 })
        {
            var watch = Stopwatch.StartNew();
            var seen = Follow(host, Guest.Pf, count, watch);
            await Guest.SetVfs(Guest.Pf, count);
            var written = watch.Elapsed;

            var late = await seen.WaitAsync(TimeSpan.FromSeconds(60), Stop) - written;

            Guest.Measured(string.Create(
                CultureInfo.InvariantCulture,
                $"{count} VFs: written in {written.TotalMilliseconds:0} ms, seen "
                    + $"{late.TotalMilliseconds:0} ms later"));
            best = count > 0 && late < best ? late : best;
        }

        // Whatever else runs outside may hold the guest up at times.
        Assert.True(best < TimeSpan.FromSeconds(1), $"VFs were seen {best} after they were made, at best.");
    }

    [Fact, Trait("feature", "G34")]
    public async Task A_renamed_network_device_is_told_of()
    {
        using var host = Guest.Host();
        var name = (await Guest.Read(host)).Functions.Single(f => $"{f.Device.Address}" == Guest.OtherPf)
            .Netdevs.Single().Name;
        var told = host.Changed(Stop);

        await Guest.Run($"ip link set {name} name uplink7");

        await told.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Equal(Guest.OtherPf, $"{(await Guest.Read(host)).Facts.Netdevs["uplink7"]}");
        await Guest.Run($"ip link set uplink7 name {name}");
    }

    [Fact]
    public async Task Functions_that_come_and_go_while_they_are_read_break_nothing()
    {
        using var host = Guest.Host();
        var changes = Guest.Run(
            $"for i in 1 2 3; do for n in 7 0; do echo $n > /sys/bus/pci/devices/{Guest.Pf}/sriov_numvfs; "
            + "done; done");
        var (reads, torn) = (0, 0);

        while (!changes.IsCompleted)
        {
            var seen = await Guest.Read(host);
            reads++;
            torn += seen.Skipped.Count > 0 ? 1 : 0;
            var pf = seen.Functions.Single(f => $"{f.Device.Address}" == Guest.Pf).Device;
            Assert.Equal(pf.NumVfs, Guest.VfsOf(seen, Guest.Pf).Count);
            Assert.All(Guest.VfsOf(seen, Guest.Pf), vf => Assert.NotNull(vf.Device.VfIndex));
        }

        await changes;
        Guest.Measured($"{reads} readings while 42 VFs came and went; {torn} of them left something out");
        Assert.Empty((await Guest.Read(host)).Skipped);
    }

    // As an agent does: it looks when it is told of a change, and at no other time.
    private static async Task<TimeSpan> Follow(KernelHost host, string pf, int count, Stopwatch watch)
    {
        while (true)
        {
            await host.Changed(Stop);
            var seen = await Guest.Read(host);
            var port = seen.Functions.Single(f => $"{f.Device.Address}" == pf).Device;
            if (port.NumVfs == count && Guest.VfsOf(seen, pf).Count == count)
                return watch.Elapsed;
        }
    }

    private static int? Number(PciDevice device, string attribute) =>
        int.Parse(Guest.Sysfs($"{device.Address}", attribute), CultureInfo.InvariantCulture);
}
