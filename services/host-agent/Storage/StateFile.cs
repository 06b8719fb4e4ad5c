using System.Text.Json;

namespace Platform.HostAgent.Storage;

/// <summary>
/// One value in one file, replaced whole: a crash leaves the old one or the new one. Without a path it is
/// kept in memory by its user alone.
/// </summary>
public sealed class StateFile<T>(string? path) where T : class
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public T? Load()
    {
        if (path == null || !File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path} is no {typeof(T).Name}: {e.Message} Restore it, or remove it to start anew.", e);
        }
    }

    public void Save(T value)
    {
        if (path == null)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, value, Json);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }
}
