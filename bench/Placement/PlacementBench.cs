using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Platform.Contracts.Inventory;
using Platform.Pci;
using Platform.Scheduler.Placement;
using static Platform.Bench.Placement.Fleet;

namespace Platform.Bench.Placement;

/// <summary>
/// One placement among many hosts, in the scheduler's index, beside Nova's filter over the same fleet in the
/// same run where python3-nova is installed; and taking a function from one host's pools.
/// </summary>
internal static class PlacementBench
{
    private const int Hosts = 10_000;
    private const int VfsPerPf = 64;
    private const int Rounds = 5;

    public static async Task<int> Run()
    {
        var few = new HostIndex();
        Load(few, 100);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new HostIndex();
        var loading = Stopwatch.StartNew();
        Load(index, Hosts);
        loading.Stop();
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        // Each boot's functions are taken when it is placed, as by the claim that follows.
        var placing = Times.Of(20_000, _ => Chosen(index.Choose(For(Vf(3)), Untried)));
        var eightPorts = Times.Of(
            5_000, _ => Chosen(index.Choose(For([.. Enumerable.Repeat(Vf(4), 8)]), Untried)));
        var refusing = Times.Of(50, _ => Refused(index.Choose(For(Vf(99)), Untried)));
        var updating = Times.Of(30_000, i => Host(i % Hosts, 2 + i, VfsPerPf - (i % 7)), index.Apply);
        var updatingFew = Times.Of(30_000, i => Host(i % 100, 2 + i, VfsPerPf - (i % 7)), few.Apply);
        var oneHost = OneHost();
        GC.KeepAlive(index);

        Say($"{Hosts} hosts, each 2 PFs with {VfsPerPf} VFs, on {Fleet.Networks} physical networks");
        Say($"load and hold          {loading.Elapsed.TotalSeconds:0.00} s   {held / 1e6:0.0} MB");
        Say($"a choice               {placing}");
        Say($"a choice for 8 ports   {eightPorts}");
        Say($"a refusal              {refusing}");
        Say($"an update              {updating}");
        Say($"an update of 100 hosts {updatingFew}");
        Say($"support and consume    {oneHost}");
        TogetherBench.Run(Hosts);
        await SnapshotBench.Run();
        if (Nova() is not { } nova)
        {
            Say("Nova is not installed: nothing to compare with (Debian package python3-nova).");
            return 0;
        }

        Say($"Nova's filter          {nova.Filter * 1e6:0.0} us: "
            + $"{nova.Filter / placing.Median:0} times a choice");
        Say($"Nova support, consume  {nova.SupportAndConsume * 1e6:0.0} us: "
            + $"{nova.SupportAndConsume / oneHost.Median:0} times ours");
        return 0;
    }

    private static void Load(HostIndex index, int hosts)
    {
        for (var host = 0; host < hosts; host++)
            index.Apply(Host(host, 1, VfsPerPf));
        // The first boot of a kind ranks the hosts for it.
        foreach (var network in new[] { 3, 4, 99 })
            index.Choose(For(Vf(network)), Untried);
    }

    private static Times OneHost()
    {
        var pools = DevicePools.Of(Enumerable.Range(0, VfsPerPf).Select(Device));
        IReadOnlyList<PciRequest> requests = [Vf(3)];
        return Times.Of(20_000, _ =>
        {
            if (Fit.Check(pools.Count(), requests) is not null)
                throw new InvalidOperationException("The host's pools do not support the request.");
            var (left, taken) = pools.Consume(requests);
            pools = taken.Devices.Aggregate(left, (rest, one) => rest.Add(one.Device));
        });
    }

    private static PciDevice Device(int index) => new(
        PciAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"0000:3b:{index / 8:x2}.{index % 8}")),
        "8086", "154c", DeviceType.Vf, Parent: null, index, NumaNode: 0, null, null,
        new([new("physical_network", "physnet3")]));

    private static PoolsChanged Host(int host, long version, int free) =>
        Fleet.Host(host, version, free, VfsPerPf);

    private static NovaTimes? Nova()
    {
        var root = typeof(PlacementBench).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryRoot").Value!;
        var start = new ProcessStartInfo(
            "/usr/bin/python3",
            [Path.Combine(root, "bench/Placement/nova_filter.py"), $"{Hosts}", $"{VfsPerPf}", $"{Rounds}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!File.Exists(start.FileName))
            return null;
        using var python = Process.Start(start)!;
        var (answer, _) = (python.StandardOutput.ReadToEnd(), python.StandardError.ReadToEndAsync());
        python.WaitForExit();
        return python.ExitCode == 0
            ? JsonSerializer.Deserialize<NovaTimes>(answer, JsonSerializerOptions.Web)
            : null;
    }

    private static void Say(string line) => Console.WriteLine(line);

    /// <summary>Seconds: a pass of the filter over all hosts, and one host's support and consume.</summary>
    private sealed record NovaTimes(double Filter, double SupportAndConsume);
}
