using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Pci;

/// <summary>
/// What a device spec entry says of the devices it matches, <c>physical_network</c> among it. Equal when
/// their keys and values are, so that devices and pools can be compared.
/// </summary>
[JsonConverter(typeof(DeviceTagsJsonConverter))]
[SuppressMessage("Naming", "CA1710", Justification = "Tags are a plural already.")]
public sealed class DeviceTags : IReadOnlyDictionary<string, string?>, IEquatable<DeviceTags>
{
    public static readonly DeviceTags None = new([]);

    /// <summary>The device is managed by another machine, such as the DPU it sits on.</summary>
    public const string RemoteManaged = "remote_managed";

    private readonly ImmutableSortedDictionary<string, string?> tags;
    private readonly int hash;
    private DeviceTags? managed;

    public DeviceTags(IEnumerable<KeyValuePair<string, string?>> tags)
    {
        this.tags = tags.ToImmutableSortedDictionary(StringComparer.Ordinal);
        hash = this.tags.Aggregate(0, (sum, tag) => HashCode.Combine(sum, tag.Key, tag.Value));
    }

    public int Count => tags.Count;

    public IEnumerable<string> Keys => tags.Keys;

    public IEnumerable<string?> Values => tags.Values;

    public string? this[string key] => tags[key];

    public bool ContainsKey(string key) => tags.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string? value) =>
        tags.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => tags.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>These, and one more or another value of one.</summary>
    public DeviceTags With(string key, string? value) => new(tags.SetItem(key, value));

    /// <summary>These, saying <c>remote_managed</c>: <c>false</c> unless they say it already.</summary>
    internal DeviceTags Managed() => managed ??=
        tags.GetValueOrDefault(RemoteManaged) is null ? With(RemoteManaged, "false") : this;

    /// <summary>They are these keys and values.</summary>
    public bool Says(IReadOnlyDictionary<string, string?> told)
    {
        foreach (var (key, value) in tags)
            if (!told.TryGetValue(key, out var other) || other != value)
                return false;
        return told.Count == Count;
    }

    public bool Equals(DeviceTags? other) =>
        ReferenceEquals(this, other)
        || (other is not null && hash == other.hash && tags.SequenceEqual(other.tags));

    public override bool Equals(object? obj) => Equals(obj as DeviceTags);

    public override int GetHashCode() => hash;

    public override string ToString() =>
        string.Join(", ", tags.Select(tag => $"{tag.Key}={tag.Value ?? "null"}"));
}

/// <summary>Tags are an object of strings in JSON.</summary>
public sealed class DeviceTagsJsonConverter : JsonConverter<DeviceTags>
{
    public override DeviceTags Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<Dictionary<string, string?>>(ref reader, options) ?? []);

    public override void Write(Utf8JsonWriter writer, DeviceTags value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, text) in value)
            writer.WriteString(key, text);
        writer.WriteEndObject();
    }
}
