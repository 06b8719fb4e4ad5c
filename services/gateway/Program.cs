using Platform.Gateway;
using Platform.ServiceDefaults;

return await PlatformHost.Run(args, GatewayService.Module);
