using System.Diagnostics;

namespace Platform.Support;

/// <summary>
/// One server program: a process group of its own, whose id is in <c>{name}.pid</c> and whose output is in
/// <c>{name}.log</c>, both in the server's folder.
/// </summary>
public sealed class ServerProcess
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly string pidFile;
    private readonly string log;

    private ServerProcess(Process process, string pidFile, string log) =>
        (this.process, this.pidFile, this.log) = (process, pidFile, log);

    /// <param name="user">Whose process it becomes; null for the present user.</param>
    public static ServerProcess Start(
        string folder,
        string name,
        string command,
        IReadOnlyDictionary<string, string> environment,
        string? user = null)
    {
        var (pidFile, log) = (Path.Combine(folder, $"{name}.pid"), Path.Combine(folder, $"{name}.log"));
        File.Delete(pidFile);
        var line = $"echo $$ > '{pidFile}' && exec {command} >> '{log}' 2>&1 < /dev/null";
        // Each of these becomes the next, so that the process is the server's. (su would stay in between, and
        // stop when the server is stopped.)
        string[] become = user is null
            ? [] : ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups"];
        var start = new ProcessStartInfo("setsid", [.. become, "sh", "-c", line])
        {
            WorkingDirectory = folder,
        };
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        return new(process, pidFile, log);
    }

    public bool HasExited => process.HasExited;

    /// <summary>The end of the log, for exceptions.</summary>
    public string LogTail
    {
        get
        {
            var lines = File.Exists(log) ? File.ReadAllLines(log) : [];
            return $"{log} ends with:\n{string.Join('\n', lines.TakeLast(25))}";
        }
    }

    /// <summary>kill -9 of the process and everything it started: nothing is flushed or answered.</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        if (!process.WaitForExit(StopLimit))
            throw new InvalidOperationException(
                $"The process of {pidFile} did not end {StopLimit} after kill -9.");
    }

    /// <summary>Asks with a signal (QUIT), and kills when that does not help.</summary>
    public void Stop(string signal)
    {
        if (process.HasExited)
            return;
        using (var kill = Process.Start("sh", ["-c", $"kill -{signal} {process.Id}"]))
            kill.WaitForExit();
        if (!process.WaitForExit(StopLimit))
            Kill();
    }
}
