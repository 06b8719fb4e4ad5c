using Platform.ServiceDefaults;

namespace Platform.AllInOne.Demonstration;

/// <summary>
/// The platform in one process, used as anyone would use it, over its HTTP API: three hosts, two networks,
/// six virtual machines, of which one cannot be plugged anywhere and is rolled back.
/// </summary>
public static class Demo
{
    private const string Unlucky = "vm-6";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // One NIC on each of these networks.
    private static readonly (string VmId, int[] Networks)[] Vms =
    [
        ("vm-1", [1, 2]), ("vm-2", [1]), ("vm-3", [2]), ("vm-4", [1, 1]), ("vm-5", [2, 1]), (Unlucky, [1, 2]),
    ];

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Urls"] = "http://127.0.0.1:0",
        ["Logging:LogLevel:Default"] = "Error",
        ["HostAgent:AdmissionInterval"] = "00:00:00.2",
        ["HostAgent:Faults:0:Operation"] = "plug",
        ["HostAgent:Faults:0:VmId"] = Unlucky,
        ["HostAgent:Faults:0:Times"] = "-1",
        ["HostAgent:Faults:0:Reason"] = "QEMU refused the device: VFIO group is not viable.",
    };

    /// <returns>0 when everything went as it must.</returns>
    public static async Task<int> Run(string[] args)
    {
        await using var app = PlatformHost.Build(
            args,
            Modules.All,
            builder => builder.Configuration
                .AddInMemoryCollection(SimulatedFleet.Settings).AddInMemoryCollection(Settings));
        using var limit = new CancellationTokenSource(Limit);
        await app.StartAsync(limit.Token);
        using var user = new ApiClient(new(app.Urls.First()));
        var ok = await Show(user, Console.Out, limit.Token);
        await app.StopAsync(CancellationToken.None);
        return ok ? 0 : 1;
    }

    private static async Task<bool> Show(ApiClient user, TextWriter output, CancellationToken stop)
    {
        var report = new DemoReport(output);
        await user.HostsOnline(3, stop);
        report.Title("Three simulated SR-IOV hosts were discovered");
        report.Pools(await user.Pools(stop));

        var ended = await BootAll(user, stop);
        report.Title("Six virtual machines were booted: who holds which VF");
        report.Holders(ended);
        report.Title("One boot failed on every host it was tried on, and was rolled back");
        report.Failure(ended.Single(boot => boot.State == "Failed"));
        report.Title("The pools afterwards");
        var after = await user.Pools(stop);
        report.Pools(after);

        return report.Balance([.. ended.Where(boot => boot.State == "Running")], after)
            && ended.Count(boot => boot.State == "Running") == Vms.Length - 1;
    }

    private static async Task<IReadOnlyList<BootShown>> BootAll(ApiClient user, CancellationToken stop)
    {
        string[] networks =
        [
            await user.CreateNetwork("blue", "physnet1", 101, stop),
            await user.CreateNetwork("red", "physnet2", 202, stop),
        ];
        var boots = new List<Guid>();
        foreach (var (vmId, on) in Vms)
        {
            var ports = new List<string>();
            foreach (var network in on)
                ports.Add(await user.CreatePort(networks[network - 1], stop));
            boots.Add(await user.Boot(vmId, ports, stop));
        }

        var ended = new List<BootShown>();
        foreach (var bootId in boots)
            ended.Add(await user.Ended(bootId, stop));
        return ended;
    }
}
