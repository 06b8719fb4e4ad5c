using MassTransit;
using Platform.HostAgent.Devices;
using Platform.HostAgent.Devices.Kernel;
using Platform.HostAgent.Devices.Simulated;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Guests;
using Platform.HostAgent.Options;
using Platform.HostAgent.Storage;

namespace Platform.HostAgent.Agents;

/// <summary>An agent, its host as it is without a device spec, and its voice.</summary>
public sealed record FleetAgent(Agent Agent, IHostDevices Host, AgentVoice Voice);

/// <summary>The agents of this process, one a configured host.</summary>
public sealed class AgentFleet : IDisposable
{
    public AgentFleet(
        HostAgentOptions options, IConfiguration configuration, IBus bus, TimeProvider time,
        ILogger<OfferedDevices> log)
    {
        // From the configuration, not the options: it changes while the process runs.
        var spec = configuration.GetSection($"{HostAgentOptions.Section}:{nameof(options.DeviceSpec)}");
        var faults = new Faults(options.Faults);
        ByHost = options.Hosts.ToDictionary(host => host.HostId, host =>
        {
            var memory = File<AgentState>(options, host.HostId, "agent");
            IHostDevices devices = host.Kernel
                ? new KernelHost(host.HostId, log, HostAgentOptionsRules.Root(host))
                : new SimulatedHost(host, faults, File<Hardware>(options, host.HostId, "hardware"));
            Agent? agent = null;
            var offered = new OfferedDevices(
                host.HostId, devices, () => spec.Get<string[]>() ?? [],
                () => agent?.State.Functions.Values ?? [], log);
            agent = new Agent(
                host.HostId, new GuestDevices(offered, Guests(options, host.HostId, time)), memory, time);
            return new FleetAgent(agent, devices, new AgentVoice(agent, bus));
        }, StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, FleetAgent> ByHost { get; }

    public void Dispose()
    {
        foreach (var (agent, host, voice) in ByHost.Values)
        {
            voice.Dispose();
            agent.Dispose();
            (host as IDisposable)?.Dispose();
        }
    }

    private static IGuests Guests(HostAgentOptions options, string hostId, TimeProvider time) =>
        options.Libvirt is { } uri
            ? new LibvirtGuests(new Virsh(uri), time)
            : new GuestFolder(options.StateFolder is null
                ? null
                : Path.Combine(options.StateFolder, $"{hostId}.guests"));

    private static StateFile<T> File<T>(HostAgentOptions options, string hostId, string what)
        where T : class =>
        new(options.StateFolder == null ? null : Path.Combine(options.StateFolder, $"{hostId}.{what}.json"));
}

/// <summary>Runs the agents while the process runs.</summary>
public sealed class AgentFleetRun(
    AgentFleet fleet, IReceiveEndpointConnector bus, AgentPace pace, ILoggerFactory logs) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        fleet.ByHost.Values.Select(member => Run(member, stoppingToken)));

    private async Task Run(FleetAgent member, CancellationToken stop)
    {
        await Task.Yield();
        var life = new AgentLife(member.Agent, member.Voice, pace, logs.CreateLogger<AgentLife>());
        life.Connect(bus);
        await life.Run(stop);
    }
}
