using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Scheduler.Placement;

namespace Platform.Bench.Placement;

/// <summary>
/// How long a scheduler takes from its start until it knows a million VFs, and what it keeps of them: its own
/// feed asks a server in this process, which writes 10,000 hosts as the inventory does.
/// </summary>
internal static class SnapshotBench
{
    private const int Hosts = 10_000;
    private const int VfsPerPf = 50;

    public static async Task Run()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var inventory = builder.Build();
        var hosts = Hosts;
        inventory.MapGet("/inventory/pools", () => Enumerable.Range(0, hosts)
            .Select(host => Fleet.Host(host, 1, VfsPerPf, VfsPerPf)));
        await inventory.StartAsync();
        var settings = new Dictionary<string, string?> { ["Services:inventory"] = inventory.Urls.Single() };
        var addresses = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

        // A small one first: then code is compiled and connections are open.
        hosts = 100;
        await Load(addresses);
        hosts = Hosts;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var loading = Stopwatch.StartNew();
        var index = await Load(addresses);
        loading.Stop();
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a snapshot of {2L * Hosts * VfsPerPf} VFs   "
                + $"{loading.Elapsed.TotalSeconds:0.00} s   {held / 1e6:0.0} MB"));
        GC.KeepAlive(index);
    }

    private static async Task<HostIndex> Load(IConfiguration addresses)
    {
        var index = new HostIndex();
        using var feed = new PoolsFeed(
            index, new(addresses, null!, []), new Clients(), NullLogger<PoolsFeed>.Instance);
        await feed.StartAsync(CancellationToken.None);
        await feed.Ready(null!);
        await index.Loaded;
        await feed.StopAsync(CancellationToken.None);
        return index;
    }

    private sealed class Clients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new();
    }
}
