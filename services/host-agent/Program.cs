using Platform.HostAgent;
using Platform.ServiceDefaults;

return await PlatformHost.Run(args, HostAgentService.Module);
