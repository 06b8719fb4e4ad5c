using Platform.Inventory;
using Platform.ServiceDefaults;

return await PlatformHost.Run(args, InventoryService.Module);
