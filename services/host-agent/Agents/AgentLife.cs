using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.HostAgent.Consumers;

namespace Platform.HostAgent.Agents;

/// <summary>
/// One agent's life on the bus: it asks for admission until it is admitted, and again whenever its connection
/// came back; then it beats, and says what changed. A broken bus is waited out, never died of.
/// </summary>
public sealed partial class AgentLife(Agent agent, AgentVoice voice, AgentPace pace, ILogger<AgentLife> log)
    : IReceiveEndpointObserver
{
    // Commands of one host are executed one by one; a few more may wait here instead of at the broker.
    private const int Prefetch = 16;

    private volatile bool asking = true;

    public Agent Agent { get; } = agent;

    /// <summary>
    /// Declares the agent's queue, now or when the broker is there. Not waited for: an admission that finds
    /// no queue yet is lost, and asked for again.
    /// </summary>
    public void Connect(IReceiveEndpointConnector bus) =>
        bus.ConnectReceiveEndpoint(HostAgentQueue.Name(Agent.HostId), (_, queue) =>
        {
            // Commands are sent to this agent alone: their types' exchanges are not bound to its queue.
            queue.ConfigureConsumeTopology = false;
            queue.PrefetchCount = Prefetch;
            queue.ConcurrentMessageLimit = 1;
            // Two lives of one agent may overlap for a moment; only one may consume.
            if (queue is IRabbitMqReceiveEndpointConfigurator rabbit)
            {
                rabbit.SetQuorumQueue();
                rabbit.SingleActiveConsumer = true;
            }
            queue.ConnectReceiveEndpointObserver(this);
            queue.Instance(new AgentConsumer(Agent, voice));
        });

    /// <summary>Until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var isAsking = asking || !Agent.State.IsAdmitted;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(AgentPace.PublishLimit);
                await Speak(isAsking, limit.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                SpeakingFailed(Agent.HostId, e);
            }
            await pace.Rest(isAsking, isAsking ? null : Agent.Devices.Changed, stop);
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        asking = true;
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    private async Task Speak(bool isAsking, CancellationToken stop)
    {
        if (isAsking)
        {
            await voice.Announce(stop);
            // Once admitted, one asking is enough: should it get lost, the heartbeats still tell of a gap.
            asking = false;
            return;
        }
        await voice.ReportChanges(stop);
        await voice.Beat(stop);
    }

    [LoggerMessage(1, LogLevel.Warning, "The agent of {HostId} could not publish; it goes on trying.")]
    private partial void SpeakingFailed(string hostId, Exception e);
}
