using Platform.HostAgent.Devices;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Guests;

namespace Platform.HostAgent.Guests;

/// <summary>
/// Guests that somebody else starts: the XML of their devices is kept in a folder for each, a file for each
/// function. Without a folder nothing is kept, and the outcome of the plug alone says it.
/// </summary>
public sealed class GuestFolder(string? folder) : IGuests
{
    public async Task<Refusal?> Attach(PluggedFunction function, GuestDevice device, CancellationToken stop)
    {
        if (folder is null)
            return null;
        Directory.CreateDirectory(FolderOf(function));
        var next = FileOf(function) + ".next";
        await File.WriteAllTextAsync(next, GuestXml.Text(device) + "\n", stop);
        File.Move(next, FileOf(function), overwrite: true);
        return null;
    }

    public Task<Refusal?> Detach(PluggedFunction function, CancellationToken stop)
    {
        if (folder is not null && Directory.Exists(FolderOf(function)))
        {
            File.Delete(FileOf(function));
            if (!Directory.EnumerateFileSystemEntries(FolderOf(function)).Any())
                Directory.Delete(FolderOf(function));
        }
        return Task.FromResult<Refusal?>(null);
    }

    private string FileOf(PluggedFunction function) =>
        Path.Combine(FolderOf(function), $"{function.Address}.xml");

    // A guest is named by whoever asks for it: no name may lead out of the folder.
    private string FolderOf(PluggedFunction function) => Path.Combine(
        folder!, Uri.EscapeDataString(function.VmId).Replace(".", "%2E", StringComparison.Ordinal));
}
