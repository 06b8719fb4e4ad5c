namespace Platform.Contracts.HostAgent;

/// <summary>
/// An agent has started and asks to be admitted. It does and reports nothing until the inventory has sent it
/// <see cref="AdmitAgent"/>. Repeated until then.
/// </summary>
/// <param name="InstanceId">This life of the agent; made anew at every start.</param>
public sealed record AgentStarted(string HostId, Guid InstanceId);
