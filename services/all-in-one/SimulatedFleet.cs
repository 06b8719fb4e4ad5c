namespace Platform.AllInOne;

/// <summary>
/// Three simulated SR-IOV hosts, each with a PF on physnet1 and one on physnet2: what the all-in-one runs on
/// when no host is configured.
/// </summary>
public static class SimulatedFleet
{
    private const int HostCount = 3;
    private const int VfsPerPf = 4;

    public static readonly IReadOnlyDictionary<string, string?> Settings = new Dictionary<string, string?>(
        Enumerable.Range(0, HostCount).SelectMany(Host));

    public static void AddWhereNoHostIsConfigured(WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetSection("HostAgent:Hosts").Exists())
            builder.Configuration.AddInMemoryCollection(Settings);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Host(int host)
    {
        var section = $"HostAgent:Hosts:{host}";
        return [new($"{section}:HostId", $"host-{host + 1}"), .. Pf(section, 0), .. Pf(section, 1)];
    }

    private static IEnumerable<KeyValuePair<string, string?>> Pf(string section, int pf)
    {
        yield return new($"{section}:Pfs:{pf}:Address", $"0000:3b:00.{pf}");
        yield return new($"{section}:Pfs:{pf}:PhysicalNetwork", $"physnet{pf + 1}");
        yield return new($"{section}:Pfs:{pf}:NumVfs", $"{VfsPerPf}");
        yield return new($"{section}:Pfs:{pf}:NumaNode", $"{pf}");
    }
}
