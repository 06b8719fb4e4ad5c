using System.Diagnostics;

namespace Platform.Unit.Tests.HostAgent.Kernel;

/// <summary>A file that hangs whoever reads it, until someone writes.</summary>
internal static class Pipe
{
    public static async Task Make(string path, CancellationToken stop)
    {
        using var made = Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync(stop);
        Assert.Equal(0, made.ExitCode);
    }
}
