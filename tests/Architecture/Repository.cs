using System.Reflection;
using System.Xml.Linq;

namespace Platform.Architecture.Tests;

/// <summary>The repository's own files, as they lie beside the tests.</summary>
internal static class Repository
{
    public static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    private static readonly string[] Made = ["/bin/", "/obj/", "/.git/", "/TestResults/", "/artifacts/"];

    public static IEnumerable<string> Files(string folder, string pattern) =>
        from path in Directory.EnumerateFiles(
            Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !Made.Any($"/{relative}".Contains)
        orderby relative
        select relative;

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] ReferencesOf(string project) => ReferencesIn(Read(project), "ProjectReference");

    public static string[] PackagesOf(string project) => ReferencesIn(Read(project), "PackageReference");

    public static string[] ReferencesIn(string project, string kind) =>
        [.. XDocument.Parse(project).Descendants(kind)
            .Select(r => r.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];
}
