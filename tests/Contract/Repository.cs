using System.Reflection;

namespace Platform.Contract.Tests;

/// <summary>
/// Golden files: compared, or with <c>PLATFORM_APPROVE=1</c> (<c>./platform approve</c>) written.
/// </summary>
internal static class Repository
{
    private static readonly bool Approving = Environment.GetEnvironmentVariable("PLATFORM_APPROVE") == "1";

    private static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder)).Select(file => Path.GetFileName(file));

    /// <summary>What was approved, after it was written if this is an approval.</summary>
    public static string Golden(string file, string current)
    {
        var path = Path.Combine(Root, file);
        if (Approving)
            File.WriteAllText(path, current);
        return File.Exists(path)
            ? File.ReadAllText(path)
            : throw new FileNotFoundException(
                $"{file} was never approved: run ./platform approve, and review it.");
    }
}
