using System.Globalization;

namespace Platform.Support;

/// <summary>
/// Where private servers keep what they write: below the folder named by <c>PLATFORM_TEST_FOLDER</c>, or in a
/// fresh temporary one. Each <c>*.pid</c> file in it holds a process group's id, for scripts that end
/// leftovers.
/// </summary>
public static class TestFolder
{
    private static string? Given =>
        Environment.GetEnvironmentVariable("PLATFORM_TEST_FOLDER") is { Length: > 0 } folder ? folder : null;

    /// <summary>Makes an empty folder with a short path: sockets and Erlang have limits.</summary>
    public static string Create(string name)
    {
        var unique = string.Create(
            CultureInfo.InvariantCulture, $"{name}-{Random.Shared.Next(0x10000000):x7}");
        var parent = Given ?? Path.Combine(Path.GetTempPath(), "platform-tests");
        return Directory.CreateDirectory(Path.Combine(parent, unique)).FullName;
    }

    /// <summary>Deletes a folder, unless whoever named the parent wants to read it.</summary>
    public static void Remove(string folder)
    {
        if (Given is null)
            Directory.Delete(folder, recursive: true);
    }
}
