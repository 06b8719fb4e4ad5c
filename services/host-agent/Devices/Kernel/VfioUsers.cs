using Platform.HostAgent.Domain.Discovery;

namespace Platform.HostAgent.Devices.Kernel;

/// <summary>Looks through the open files of all processes for VFIO devices: the kernel has no list.</summary>
internal sealed class VfioUsers(KernelTree proc)
{
    /// <summary>Incomplete when a process did not let its files be seen.</summary>
    public (bool IsComplete, IReadOnlyList<VfioUser> All) Read()
    {
        var isComplete = true;
        var users = new List<VfioUser>();
        foreach (var process in proc.Names().Where(name => name.All(char.IsAsciiDigit)))
        {
            try
            {
                users.AddRange(Of(process));
            }
            catch (UnauthorizedAccessException)
            {
                isComplete = false;
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        return (isComplete, users);
    }

    private IEnumerable<VfioUser> Of(string process)
    {
        string? program = null;
        foreach (var file in proc.Names(process, "fd"))
        {
            if (proc.LinkTarget(process, "fd", file) is { } target && target.Contains("/vfio/"))
            {
                program ??= proc.TextIfAny(process, "comm") ?? "?";
                if (VfioUser.Of(process, program, target) is { } user)
                    yield return user;
            }
        }
    }
}
