namespace Platform.HostAgent.Devices.Kernel;

/// <summary>
/// A folder in which the kernel shows what it has, <c>/sys</c> or <c>/proc</c>, or a recorded one. Things
/// vanish while it is read: what is not there is null or empty.
/// </summary>
internal sealed class KernelTree(string root)
{
    public bool Has(params ReadOnlySpan<string> path) => Directory.Exists(At(path));

    /// <summary>Throws when it is there and cannot be read.</summary>
    public string? Text(params ReadOnlySpan<string> path)
    {
        try
        {
            return File.ReadAllText(At(path)).Trim();
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What can be done without, such as the carrier of a network device that is down.</summary>
    public string? TextIfAny(params ReadOnlySpan<string> path)
    {
        try
        {
            return Text(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The last name of a link's target. The target itself may be gone, or elsewhere.</summary>
    public string? LinkName(params ReadOnlySpan<string> path) => Path.GetFileName(LinkTarget(path));

    public string? LinkTarget(params ReadOnlySpan<string> path)
    {
        try
        {
            return new FileInfo(At(path)).LinkTarget;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Throws when the folder is there and cannot be listed.</summary>
    public IReadOnlyList<string> Names(params ReadOnlySpan<string> path)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries(At(path)).Select(Path.GetFileName).OfType<string>(),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private string At(ReadOnlySpan<string> path) => Path.Combine([root, .. path]);
}
