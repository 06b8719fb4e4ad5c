using Platform.NetworkBinding;
using Platform.ServiceDefaults;

return await PlatformHost.Run(args, NetworkBindingService.Module);
