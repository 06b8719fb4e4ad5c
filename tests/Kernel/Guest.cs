using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.HostAgent.Devices.Kernel;
using Platform.HostAgent.Domain.Discovery;
using Platform.Support;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Platform.Kernel.Tests;

/// <summary>
/// The machine that these tests change: a guest with emulated cards, made by <c>./platform test kernel</c>.
/// Anywhere else they are skipped.
/// </summary>
internal static class Guest
{
    /// <summary>On NUMA node 0.</summary>
    public const string Pf = "0000:21:00.0";

    /// <summary>On NUMA node 1.</summary>
    public const string OtherPf = "0000:41:00.0";

    private const string Named = "PLATFORM_KERNEL_GUEST";

    // Its processor is emulated, and shared with whatever else runs outside.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Skips the test on any other machine; else no PF has VFs after it, as when it was booted.
    /// </summary>
    public static async Task Need()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable(Named) is { Length: > 0 },
            $"It changes the machine it runs on; ./platform test kernel makes one, and sets {Named}.");
        await SetVfs(Pf, 0);
        await SetVfs(OtherPf, 0);
    }

    public static KernelHost Host() => new("guest", NullLogger.Instance, "/sys");

    public static async Task<HostSnapshot> Read(KernelHost host)
    {
        await host.Read(Stop);
        return host.Latest;
    }

    /// <summary>What the command printed. Fails with what it said when it failed.</summary>
    public static async Task<string> Run(string command)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var errors = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}: {errors}");
        return await output;
    }

    public static Process Start(string command) => Process.Start(new ProcessStartInfo("bash", ["-c", command])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        RedirectStandardInput = true,
    })!;

    public static Task<string> SetVfs(string pf, int count) =>
        Run($"echo {count} > /sys/bus/pci/devices/{pf}/sriov_numvfs");

    /// <summary>Until the host's snapshot is so.</summary>
    public static Task Sees(KernelHost host, string what, Func<HostSnapshot, bool> holds) =>
        Eventually.True(what, async () => holds(await Read(host)), Stop, Limit);

    public static IReadOnlyList<SeenFunction> VfsOf(HostSnapshot host, string pf) =>
        [.. host.Functions.Where(function => $"{function.Device.Parent}" == pf)];

    public static string Sysfs(string address, string attribute) =>
        File.ReadAllText($"/sys/bus/pci/devices/{address}/{attribute}").Trim();

    /// <summary>Shown where the tests run, with the result.</summary>
    public static void Measured(string what) => Console.WriteLine($"MEASURED {what}");
}
