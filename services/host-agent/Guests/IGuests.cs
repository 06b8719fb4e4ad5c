using Platform.HostAgent.Devices;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Guests;

namespace Platform.HostAgent.Guests;

/// <summary>
/// How guests come to their devices. Every call may come again: what is so already stays so, and is no
/// failure.
/// </summary>
public interface IGuests
{
    /// <summary>Gives the device to the function's guest.</summary>
    Task<Refusal?> Attach(PluggedFunction function, GuestDevice device, CancellationToken stop);

    /// <summary>Takes the function from its guest. A guest that is gone has nothing.</summary>
    Task<Refusal?> Detach(PluggedFunction function, CancellationToken stop);
}
