using Platform.Conformance.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Without `nova` this is a test project like any other, started as xunit would start it.
if (args is ["nova", .. var files])
    return Report.Print(files, Console.Out);

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
