using System.Reflection;
using Platform.ServiceDefaults;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>
/// A service as it is deployed: a process of its own. It may be killed, and started again with the same
/// settings on the same port.
/// </summary>
internal sealed class ServiceProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly string name;
    private readonly string folder;
    private readonly string program;
    private readonly Dictionary<string, string> environment;
    private readonly HttpClient client;
    private ServerProcess? process;

    /// <param name="name">Of this replica: its log's name in the folder.</param>
    public ServiceProcess(
        string service,
        string name,
        string folder,
        Uri address,
        IEnumerable<KeyValuePair<string, string?>> settings)
    {
        (this.name, this.folder, Address, program) = (name, folder, address, ProgramOf(service));
        client = new() { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
        environment = settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
            setting => setting.Value ?? "");
        environment["Urls"] = Address.ToString();
        // Many processes on a small machine: one heap each, not one a core.
        environment["DOTNET_gcServer"] = "0";
    }

    public Uri Address { get; }

    public string LogTail => process?.LogTail ?? $"{name} was never started.";

    /// <summary>Returns when it is healthy: it has reached its servers and its queues are bound.</summary>
    public async Task Start(CancellationToken stop)
    {
        process = ServerProcess.Start(folder, name, $"dotnet '{program}'", environment);
        await WaitUntilHealthy(stop);
    }

    public Task WaitUntilHealthy(CancellationToken stop) => Eventually.Clear(
        $"{name} is healthy at {Address}", () => Ailments(stop), stop, StartLimit);

    /// <summary>kill -9: nothing is finished, flushed or answered.</summary>
    public void Kill() => process!.Kill();

    public void Dispose()
    {
        process?.Kill();
        client.Dispose();
    }

    private async Task<IReadOnlyList<string>> Ailments(CancellationToken stop)
    {
        if (process!.HasExited)
            throw new InvalidOperationException($"{name} has ended. {LogTail}");
        try
        {
            using var answer = await client.GetAsync(new Uri("healthz", UriKind.Relative), stop);
            return answer.IsSuccessStatusCode ? [] : [await answer.Content.ReadAsStringAsync(stop), LogTail];
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return [e.Message, LogTail];
        }
    }

    // Built with this assembly, which refers to it, and so in the same configuration.
    private static string ProgramOf(string service)
    {
        var root = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryRoot").Value!;
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            root, "services", service, "bin", framework.Parent!.Name, framework.Name,
            $"Platform.{ServiceModule.SectionOf(service)}.dll");
        return File.Exists(Path.ChangeExtension(program, "runtimeconfig.json"))
            ? program
            : throw new FileNotFoundException($"{program} is no program: build services/{service}.");
    }
}
