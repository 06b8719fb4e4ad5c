using Platform.AllInOne;
using Platform.AllInOne.Demonstration;
using Platform.ServiceDefaults;

return args is ["demo", .. var rest]
    ? await Demo.Run(rest)
    : await PlatformHost.Run(args, Modules.All, SimulatedFleet.AddWhereNoHostIsConfigured);
