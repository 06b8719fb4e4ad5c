namespace Platform.AllInOne;

/// <summary>
/// Three simulated SR-IOV hosts, each with a PF on physnet1, one on physnet2, and a GPU, which boots ask for
/// by the alias gpu: what the all-in-one runs on when no host is configured.
/// </summary>
public static class SimulatedFleet
{
    private const int HostCount = 3;
    private const int VfsPerPf = 4;
    private const string GpuAlias = """{"name": "gpu", "vendor_id": "10de", "product_id": "1db4"}""";

    public static readonly IReadOnlyDictionary<string, string?> Settings = new Dictionary<string, string?>(
        Enumerable.Range(0, HostCount).SelectMany(Host));

    public static void AddWhereNoHostIsConfigured(WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetSection("HostAgent:Hosts").Exists())
            return;
        builder.Configuration.AddInMemoryCollection(Settings);
        if (!builder.Configuration.GetSection("Scheduler:Alias").Exists())
            builder.Configuration.AddInMemoryCollection([new("Scheduler:Alias:0", GpuAlias)]);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Host(int host)
    {
        var section = $"HostAgent:Hosts:{host}";
        return
        [
            new($"{section}:HostId", $"host-{host + 1}"),
            .. Pf(section, 0), .. Pf(section, 1), .. Gpu(section, 2),
        ];
    }

    private static IEnumerable<KeyValuePair<string, string?>> Gpu(string section, int index) =>
    [
        new($"{section}:Pfs:{index}:Address", "0000:81:00.0"),
        new($"{section}:Pfs:{index}:VendorId", "10de"),
        new($"{section}:Pfs:{index}:ProductId", "1db4"),
        new($"{section}:Pfs:{index}:TotalVfs", "0"),
        new($"{section}:Pfs:{index}:NumaNode", "1"),
    ];

    private static IEnumerable<KeyValuePair<string, string?>> Pf(string section, int pf)
    {
        yield return new($"{section}:Pfs:{pf}:Address", $"0000:3b:00.{pf}");
        yield return new($"{section}:Pfs:{pf}:PhysicalNetwork", $"physnet{pf + 1}");
        yield return new($"{section}:Pfs:{pf}:NumVfs", $"{VfsPerPf}");
        yield return new($"{section}:Pfs:{pf}:NumaNode", $"{pf}");
    }
}
