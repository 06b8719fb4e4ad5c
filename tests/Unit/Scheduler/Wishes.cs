using Platform.Pci;
using Platform.Pci.Requests;
using Platform.Scheduler.Domain;

namespace Platform.Unit.Tests.Scheduler;

/// <summary>What boots ask for.</summary>
internal static class Wishes
{
    public static Wish For(params PciRequest[] requests) => new(Demand.Of(requests));

    public static PciRequest Port(string vnicType, string? network, Guid requestId) =>
        new PortNeeds(vnicType, network).Request(null)!.For(requestId);

    public static PciRequest Vf(string network) => Port("direct", network, Guid.NewGuid());
}
