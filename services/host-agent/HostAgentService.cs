using Platform.HostAgent.Agents;
using Platform.HostAgent.Options;
using Platform.ServiceDefaults;

namespace Platform.HostAgent;

/// <summary>What the host-agent service is made of.</summary>
public static class HostAgentService
{
    public static readonly ServiceModule Module = new("host-agent", AddServices, _ => { }, HostEndpoints.Map);

    // The agents' consumers are not on the bus from the start: each is connected with its host's queue.
    private static void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddSettings<HostAgentOptions>(HostAgentOptions.Section, HostAgentOptionsRules.Refuse);
        builder.Services.AddSingleton<AgentFleet>();
        builder.Services.AddSingleton<AgentPace>();
        builder.Services.AddHostedService<AgentFleetRun>();
    }
}
