namespace Platform.Contracts.Scheduler;

/// <summary>
/// The virtual machine shall stop, or its boot shall not go on. Everything it holds is taken back. Ends in
/// <see cref="BootStopped"/>, also when the boot was never heard of: it then never starts.
/// </summary>
public sealed record StopRequested(Guid BootId);
