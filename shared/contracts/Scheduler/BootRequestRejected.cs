namespace Platform.Contracts.Scheduler;

/// <summary>
/// A <see cref="BootRequested"/> could not start a boot because its id is taken by another request, or by a
/// stop. The boot that has the id is not touched.
/// </summary>
public sealed record BootRequestRejected(Guid BootId, string Reason);
