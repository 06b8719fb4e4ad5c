using Platform.Scheduler;
using Platform.ServiceDefaults;

return await PlatformHost.Run(args, SchedulerService.Module);
