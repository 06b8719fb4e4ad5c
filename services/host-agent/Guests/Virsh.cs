using System.ComponentModel;
using System.Diagnostics;

namespace Platform.HostAgent.Guests;

/// <summary>libvirt's own program, on one libvirt. It is given up when it takes too long.</summary>
public sealed class Virsh(string uri, string program = "virsh")
{
    /// <summary>What hangs for longer, as a guest's monitor can, must not stop the agent.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(30);

    public string Uri { get; } = uri;

    /// <summary>Runs one command. That virsh is missing or late is an answer, too.</summary>
    /// <param name="input">What it reads as <c>/dev/stdin</c>.</param>
    public async Task<VirshAnswer> Run(IEnumerable<string> command, string input, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            using var process = Process.Start(Start(command))!;
            try
            {
                return await Converse(process, input, limit.Token);
            }
            catch
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception e)
        {
            return new(false, "", $"{program} cannot be started ({e.Message}): install libvirt-clients.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new(false, "", $"libvirt at {Uri} did not answer in {Limit.TotalSeconds} s.");
        }
    }

    private ProcessStartInfo Start(IEnumerable<string> command) =>
        new(program, ["--connect", Uri, "--quiet", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Its messages are read.
            Environment = { ["LC_ALL"] = "C" },
        };

    private static async Task<VirshAnswer> Converse(Process process, string input, CancellationToken stop)
    {
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), stop);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading, and says why.
        }
        await process.WaitForExitAsync(stop);
        return new(process.ExitCode == 0, await output, OneLine(await errors));
    }

    private static string OneLine(string errors) => string.Join(' ', errors
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.StartsWith("error: ", StringComparison.Ordinal) ? line[7..] : line));
}

/// <summary>What virsh said.</summary>
/// <param name="Error">Why not, on one line.</param>
public sealed record VirshAnswer(bool Succeeded, string Output, string Error)
{
    public bool IsUnknownGuest =>
        !Succeeded && Error.Contains("failed to get domain", StringComparison.Ordinal);
}
