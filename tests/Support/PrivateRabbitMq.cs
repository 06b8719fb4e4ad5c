using System.Diagnostics;
using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Support;

/// <summary>
/// A RabbitMQ node of one's own: its name server (epmd), cookie, data and ports are private, and all of it
/// listens on loopback alone. It may be killed and started again on the same port and data.
/// </summary>
public sealed class PrivateRabbitMq : IAsyncDisposable
{
    private const string Programs = "/usr/lib/rabbitmq/bin";
    private const string LoopbackOnly = "-kernel inet_dist_use_interface {127,0,0,1}";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly string folder;
    private readonly Dictionary<string, string> environment;
    private readonly int namePort = FreePort.Next();
    private ServerProcess? names;
    private ServerProcess? node;

    private PrivateRabbitMq(string folder)
    {
        this.folder = folder;
        environment = NodeEnvironment();
    }

    public int Port { get; } = FreePort.Next();

    /// <summary>The default virtual host.</summary>
    public string Url => UrlOf("");

    public static async Task<PrivateRabbitMq> StartAsync(CancellationToken stop)
    {
        if (!File.Exists($"{Programs}/rabbitmq-server"))
            throw new InvalidOperationException(
                $"RabbitMQ is not installed: there is no {Programs}/rabbitmq-server. Install the Debian "
                + "package rabbitmq-server, or name a running server in PLATFORM_TEST_RABBITMQ.");
        var rabbit = new PrivateRabbitMq(TestFolder.Create("mq"));
        try
        {
            await rabbit.WriteConfiguration(stop);
            await rabbit.Run(stop);
            return rabbit;
        }
        catch
        {
            await rabbit.DisposeAsync();
            throw;
        }
    }

    public string UrlOf(string vhost) =>
        string.Create(
            CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{Port}/{Uri.EscapeDataString(
                vhost)}");

    /// <summary>kill -9 of all its processes, as when the power fails.</summary>
    public void Kill()
    {
        node?.Kill();
        names?.Kill();
    }

    /// <summary>Starts it again on the same port and data; kills it first if it runs.</summary>
    public Task RestartAsync(CancellationToken stop)
    {
        Kill();
        return Run(stop);
    }

    /// <summary>A fresh virtual host in which guest may do everything; the answer is its URL.</summary>
    public async Task<string> CreateVhost(string name, CancellationToken stop)
    {
        await Control(["add_vhost", name], stop);
        await Control(["set_permissions", "-p", name, "guest", ".*", ".*", ".*"], stop);
        return UrlOf(name);
    }

    /// <summary>Runs <c>rabbitmqctl</c> on the node, and answers what it printed.</summary>
    public async Task<string> Control(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo($"{Programs}/rabbitmqctl", ["--quiet", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException("rabbitmqctl did not start.");
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"rabbitmqctl {string.Join(' ', arguments)} exited with {process.ExitCode}: {await errors}");
        return await output;
    }

    /// <summary>How many messages it has confirmed to their publishers since it started.</summary>
    public async Task<long> CountConfirmed(CancellationToken stop) => long.Parse(
        await Control(
            [
                "eval",
                "maps:get(messages_confirmed_total, "
                    + "maps:get([{protocol,amqp091}], rabbit_global_counters:overview())).",
            ],
            stop),
        CultureInfo.InvariantCulture);

    /// <summary>
    /// Puts declared queues, exchanges and virtual hosts on disk. The node answers a declaration before it
    /// has, so what was declared just before <see cref="Kill"/> may be gone after it.
    /// </summary>
    public Task FlushDefinitions(CancellationToken stop) => Control(["eval", "mnesia:sync_log()."], stop);

    public ValueTask DisposeAsync()
    {
        Kill();
        TestFolder.Remove(folder);
        return ValueTask.CompletedTask;
    }

    private Dictionary<string, string> NodeEnvironment() => new()
    {
        ["HOME"] = folder,
        ["RABBITMQ_NODENAME"] = "test@localhost",
        ["ERL_EPMD_PORT"] = namePort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_DIST_PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_MNESIA_BASE"] = $"{folder}/mnesia",
        ["RABBITMQ_MNESIA_DIR"] = $"{folder}/mnesia/test",
        ["RABBITMQ_LOG_BASE"] = $"{folder}/log",
        ["RABBITMQ_LOGS"] = "-",
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{folder}/enabled_plugins",
        ["RABBITMQ_CONFIG_FILE"] = $"{folder}/rabbitmq.conf",
        ["RABBITMQ_CONF_ENV_FILE"] = $"{folder}/rabbitmq-env.conf",
        ["RABBITMQ_PID_FILE"] = $"{folder}/node.pid",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = LoopbackOnly,
        ["RABBITMQ_CTL_ERL_ARGS"] = LoopbackOnly,
    };

    private async Task WriteConfiguration(CancellationToken stop)
    {
        Directory.CreateDirectory($"{folder}/log");
        await File.WriteAllTextAsync($"{folder}/enabled_plugins", "[].\n", stop);
        await File.WriteAllTextAsync($"{folder}/rabbitmq-env.conf", "", stop);
        await File.WriteAllTextAsync(
            $"{folder}/rabbitmq.conf",
            """
            vm_memory_high_watermark.absolute = 1GiB
            disk_free_limit.absolute = 50MB
            log.console.level = warning

            """,
            stop);
    }

    private async Task Run(CancellationToken stop)
    {
        names = ServerProcess.Start(folder, "epmd", "epmd", environment);
        var started = ServerProcess.Start(folder, "rabbitmq", $"{Programs}/rabbitmq-server", environment);
        node = started;
        await Eventually.True(
            $"RabbitMQ answers on port {Port}", () => Answers(started, stop), stop, StartLimit);
    }

    private async Task<bool> Answers(ServerProcess started, CancellationToken stop)
    {
        if (started.HasExited)
            throw new InvalidOperationException($"RabbitMQ ended instead of starting. {started.LogTail}");
        try
        {
            var factory = new ConnectionFactory { Uri = new Uri(Url), AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync(stop);
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }
}
