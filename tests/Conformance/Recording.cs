using System.IO.Compression;
using System.Text.Json;
using Platform.Conformance.Tests.Kinds;

namespace Platform.Conformance.Tests;

/// <summary>Files of recorded answers: a JSON object a line, plain or gzipped.</summary>
public static class Recording
{
    public static readonly IReadOnlyList<IKind> Kinds =
    [
        new SpecKind(), new WhitelistKind(), new AliasKind(), new PortKind(), new StatsKind(),
        new TrackerKind(), new VifKind(), new HostdevKind(), new PlugKind(),
    ];

    /// <summary>Replays a file, line by line.</summary>
    public static IEnumerable<Answer> Replay(string path) =>
        Lines(path).SelectMany(line => Kind(KindOf(line)).Replay(line));

    /// <summary>Sequences carry no kind: pools say their mode, the tracker does not.</summary>
    public static string KindOf(JsonElement line) =>
        line.TryGetProperty("kind", out var kind) ? kind.GetString()!
        : line.TryGetProperty("mode", out _) ? "stats"
        : "tracker";

    private static IKind Kind(string name) =>
        Kinds.FirstOrDefault(kind => kind.Name == name)
        ?? throw new NotSupportedException($"Answers of the kind '{name}' cannot be replayed yet.");

    internal static IEnumerable<JsonElement> Lines(string path)
    {
        using var file = File.OpenRead(path);
        var gzipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        using var reader = new StreamReader(
            gzipped ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0)
                yield return JsonElement.Parse(line);
    }
}
