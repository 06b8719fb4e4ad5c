namespace Platform.Contracts.Scheduler;

/// <summary>
/// Taking back a boot's holdings failed again and again at this step. Everything else was taken back; the
/// step is tried on, slowly, and the boot ends when it succeeds.
/// </summary>
/// <param name="Step"><c>unbind</c> or <c>release</c>.</param>
public sealed record BootStuck(Guid BootId, Guid ClaimId, string HostId, string Step, string Reason);
