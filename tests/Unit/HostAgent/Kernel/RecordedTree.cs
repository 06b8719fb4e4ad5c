using System.Reflection;
using System.Text.Json;
using Platform.Support;

namespace Platform.Unit.Tests.HostAgent.Kernel;

/// <summary>
/// A folder made of a recording: objects are folders, texts files, and texts after an arrow links. The
/// recorded ones are of Linux 6.12 with emulated 82576 cards: before any VF was there, and after.
/// </summary>
public sealed class RecordedTree : IDisposable
{
    private const string Arrow = "-> ";

    private RecordedTree(JsonElement recording)
    {
        Root = TestFolder.Create("sysfs");
        Make(Root, recording);
    }

    public string Root { get; }

    public static RecordedTree Before => Of("igb-before.json");

    public static RecordedTree After => Of("igb-after.json");

    public static RecordedTree Empty => new(JsonDocument.Parse("{}").RootElement);

    public static string Device(string address) => Path.Combine("bus", "pci", "devices", address);

    /// <summary>Adds to it. A null makes a folder where a file is expected: it cannot be read.</summary>
    public RecordedTree With(string path, string? content)
    {
        var at = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(at)!);
        File.Delete(at);
        if (content is null)
            Directory.CreateDirectory(at);
        else
            Make(at, content);
        return this;
    }

    public RecordedTree Without(string path)
    {
        File.Delete(Path.Combine(Root, path));
        return this;
    }

    /// <summary>A function with nothing but its ids.</summary>
    public RecordedTree WithFunction(string address) => this
        .With(Path.Combine(Device(address), "vendor"), "0x8086")
        .With(Path.Combine(Device(address), "device"), "0x1572")
        .With(Path.Combine(Device(address), "class"), "0x020000");

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static RecordedTree Of(string file)
    {
        var root = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var path = Path.Combine(root, "tests", "Unit", "HostAgent", "Kernel", "sysfs", file);
        return new(JsonDocument.Parse(File.ReadAllText(path)).RootElement);
    }

    private static void Make(string path, JsonElement recorded)
    {
        if (recorded.ValueKind == JsonValueKind.String)
        {
            Make(path, recorded.GetString()!);
            return;
        }

        Directory.CreateDirectory(path);
        foreach (var entry in recorded.EnumerateObject())
            Make(Path.Combine(path, entry.Name), entry.Value);
    }

    private static void Make(string path, string content)
    {
        if (content.StartsWith(Arrow, StringComparison.Ordinal))
            File.CreateSymbolicLink(path, content[Arrow.Length..]);
        else
            File.WriteAllText(path, content + "\n");
    }
}
