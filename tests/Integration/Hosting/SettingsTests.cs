using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Platform.Support;

namespace Platform.Integration.Tests.Hosting;

/// <summary>The real programs, started with settings that they cannot run with.</summary>
public class SettingsTests
{
    private const string TwoHosts = "--HostAgent:Hosts:0:HostId=h --HostAgent:Hosts:1:HostId=h";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Bus:Tries=abc", "inventory: Bus:Tries is \"abc\": give a whole number.")]
    [InlineData("Bus:Tries=0", "inventory: Bus:Tries is \"0\": give a number from 2 to 20.")]
    [InlineData("Bus:RetryDelay=soon", "inventory: Bus:RetryDelay is \"soon\": give a time span, for ")]
    [InlineData("Bus:Trise=3", "inventory: Bus:Trise is unknown: Bus has ")]
    [InlineData("Inventory:Hots=3", "inventory: Inventory:Hots is unknown: Inventory has ")]
    [InlineData("Urls=nonsense", "inventory: Invalid url: 'nonsense'")]
    [InlineData("ConnectionStrings:RabbitMq=amqp://u:secret@h", ":Postgres is not: set both")]
    [InlineData("ConnectionStrings:Postgres=postgres://u:secret@h/d", ":RabbitMq is not: set both")]
    public async Task A_wrong_setting_is_one_clear_line_and_exit_code_1(string setting, string line) =>
        await Refuses("Inventory", line, $"--{setting}");

    [Theory]
    [InlineData("Inventory", "--Inventory:HostTimeout=0", "Inventory:HostTimeout is \"0\": give a time span")]
    [InlineData("Inventory", "--Inventory=3", "Inventory is \"3\": it is a section; set a key of it.")]
    [InlineData("Scheduler", "--Scheduler:AsksMax=0", "Scheduler:AsksMax is \"0\": give a number")]
    [InlineData("Scheduler", "--Scheduler:BindTimeout=-1", "Scheduler: every timeout and StuckInterval")]
    [InlineData("Scheduler", "--Scheduler:Attempts=1", "Scheduler:Attempts is unknown: Scheduler has ")]
    [InlineData("Scheduler", "--Sagas:BatchSize=x", "Sagas:BatchSize is \"x\": give a whole number.")]
    [InlineData("Scheduler", "--Sagas:OwedAfter=0", "Sagas: a time is shorter than ")]
    [InlineData("Scheduler", "--Services:inventory=h:1", "Services:inventory is \"h:1\": give its address")]
    [InlineData("Gateway", "--Services:scheduler=ftp://h", "Services:scheduler is \"ftp://h\": give its")]
    [InlineData("NetworkBinding", "--NetworkBinding:Default=x", "NetworkBinding:Default is unknown")]
    [InlineData("HostAgent", "--HostAgent:HeartbeatInterval=0", "HeartbeatInterval is 00:00:00; set it")]
    [InlineData("HostAgent", "--HostAgent:Hosts:0:HostId=a/b", "HostAgent:Hosts:0:HostId is 'a/b'; write")]
    [InlineData("HostAgent", TwoHosts, "HostAgent:Hosts names 'h' 2 times; every host has one agent.")]
    public async Task A_wrong_setting_of_any_program_is_one_clear_line_and_exit_code_1(
        string program, string settings, string line) =>
        await Refuses(
            program, line,
            ["--Services:inventory=http://h", "--Services:scheduler=http://h", .. settings.Split(' ')]);

    [Theory, InlineData("Scheduler", "inventory"), InlineData("Gateway", "inventory")]
    public async Task A_service_that_is_asked_and_has_no_address_is_named(string program, string asked) =>
        await Refuses(program, $"Services:{asked} is not set, and {asked} does not run in this");

    [Theory]
    [InlineData("http://u:secret@h", "postgres://u:secret@h/d", ":RabbitMq is no AMQP address")]
    [InlineData("amqp://u:secret@h", "secret", "ConnectionStrings:Postgres is no PostgreSQL address")]
    [InlineData("amqp://u:secret@h", "Hots=secret", "ConnectionStrings:Postgres is no PostgreSQL address")]
    public async Task A_wrong_address_is_refused_without_repeating_its_secret(
        string broker, string database, string line) =>
        await Refuses(
            "Inventory", line,
            $"--ConnectionStrings:RabbitMq={broker}", $"--ConnectionStrings:Postgres={database}");

    [Fact]
    public async Task A_port_in_use_is_one_clear_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        await Refuses(
            "Inventory",
            "address already in use. Stop the process that listens there",
            $"--Urls=http://{taken.LocalEndpoint}");
    }

    private static async Task Refuses(string program, string line, params string[] settings)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"Platform.{program}.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [path, .. settings])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Eventually.Limit);
        using var kill = limit.Token.Register(process.Kill);
        await process.WaitForExitAsync(Stop);

        var said = Assert.Single((await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(line, said);
        Assert.DoesNotContain("secret", await errors + await output);
        Assert.Equal(1, process.ExitCode);
    }
}
