using Platform.Gateway;
using Platform.HostAgent;
using Platform.Inventory;
using Platform.NetworkBinding;
using Platform.Scheduler;
using Platform.ServiceDefaults;

namespace Platform.AllInOne;

/// <summary>Every service, for one process.</summary>
public static class Modules
{
    public static readonly IReadOnlyList<ServiceModule> All =
    [
        InventoryService.Module,
        SchedulerService.Module,
        NetworkBindingService.Module,
        HostAgentService.Module,
        GatewayService.Module,
    ];
}
