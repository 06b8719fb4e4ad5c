using System.Diagnostics;

namespace Platform.Support;

/// <summary>
/// A libvirt of one's own, for guests that QEMU emulates: its socket, guests and state are in a folder, and
/// it touches nothing of the machine.
/// </summary>
public sealed class PrivateLibvirt : IAsyncDisposable
{
    private const string Program = "/usr/sbin/libvirtd";
    private const string Emulator = "/usr/bin/qemu-system-x86_64";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string folder;
    private ServerProcess? server;

    private PrivateLibvirt(string folder) => this.folder = folder;

    /// <summary>For <c>virsh --connect</c>.</summary>
    public string Uri => $"qemu+unix:///session?socket={Socket}";

    private string Socket => Path.Combine(folder, "libvirt", "libvirt-sock");

    // As root it would be the machine's libvirt. This user is on every Debian, and has nothing.
    private static string? ServerUser => Environment.UserName == "root" ? "daemon" : null;

    /// <summary>Why it cannot be started here: something is not installed. Null when it can be.</summary>
    public static string? Missing => File.Exists(Program) && File.Exists(Emulator)
        ? null
        : $"There is no {Program} or no {Emulator}: install Debian's libvirt-daemon, "
            + "libvirt-daemon-driver-qemu, libvirt-clients and qemu-system-x86.";

    public static async Task<PrivateLibvirt> StartAsync(CancellationToken stop)
    {
        var libvirt = new PrivateLibvirt(TestFolder.Create("lv"));
        try
        {
            await libvirt.Run(stop);
            return libvirt;
        }
        catch
        {
            await libvirt.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Defines a stopped guest with an empty drive: one that boots in no order of devices takes none with a
    /// place in it.
    /// </summary>
    public Task Define(string guest, CancellationToken stop) => Virsh(
        ["define", "/dev/stdin"],
        $"""
        <domain type="qemu"><name>{guest}</name><memory unit="MiB">32</memory>
          <os><type arch="x86_64" machine="q35">hvm</type></os>
          <devices>
            <emulator>{Emulator}</emulator>
            <disk type="file" device="cdrom"><target dev="sda" bus="sata"/><boot order="9"/></disk>
          </devices></domain>
        """,
        stop);

    /// <summary>Runs <c>virsh</c>, and answers what it printed; throws with its errors when it
    /// fails.</summary>
    public async Task<string> Virsh(IReadOnlyList<string> command, string input, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo("virsh", ["--connect", Uri, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var errors = process.StandardError.ReadToEndAsync(stop);
        await process.StandardInput.WriteAsync(input.AsMemory(), stop);
        process.StandardInput.Close();
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"virsh {string.Join(' ', command)}: {await errors}");
    }

    /// <summary>Its running guests end with it: left alone, they would outlive their libvirt.</summary>
    public async ValueTask DisposeAsync()
    {
        if (server is { HasExited: false })
            await DestroyGuests();
        server?.Kill();
        TestFolder.Remove(folder);
    }

    private async Task DestroyGuests()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var running = await Virsh(["list", "--name"], "", limit.Token);
        foreach (var guest in running.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await Virsh(["destroy", guest], "", limit.Token);
    }

    private async Task Run(CancellationToken stop)
    {
        if (ServerUser is { } user)
        {
            using var give = Process.Start("chown", [user, folder]);
            await give.WaitForExitAsync(stop);
        }
        server = ServerProcess.Start(folder, "libvirtd", Program, new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["XDG_RUNTIME_DIR"] = folder,
            ["XDG_CONFIG_HOME"] = Path.Combine(folder, "config"),
            ["XDG_CACHE_HOME"] = Path.Combine(folder, "cache"),
            ["XDG_DATA_HOME"] = Path.Combine(folder, "data"),
        }, ServerUser);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(StartLimit);
        while (!await Answers(limit.Token))
        {
            if (server.HasExited || limit.IsCancellationRequested)
                throw new InvalidOperationException($"libvirtd does not run. {server.LogTail}");
            await Task.Delay(Pause, stop);
        }
    }

    private async Task<bool> Answers(CancellationToken stop)
    {
        if (!File.Exists(Socket))
            return false;
        try
        {
            await Virsh(["list"], "", stop);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
