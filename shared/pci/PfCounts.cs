using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Pci;

/// <summary>
/// How many functions are on which PF, in the order of the PFs; those with none are left out. A function that
/// is no VF counts under its own address. Equal when they say the same.
/// </summary>
[JsonConverter(typeof(PfCountsJsonConverter))]
[SuppressMessage("Naming", "CA1710", Justification = "Counts are a plural already.")]
public sealed class PfCounts : IReadOnlyDictionary<PciAddress, int>, IEquatable<PfCounts>
{
    // A pool is on few PFs, and a scheduler has tens of thousands of pools: an array is the least to keep.
    private readonly ImmutableArray<KeyValuePair<PciAddress, int>> counts;

    public PfCounts(IEnumerable<KeyValuePair<PciAddress, int>> counts) =>
        this.counts = [.. counts.Where(count => count.Value > 0).OrderBy(count => count.Key)];

    /// <summary>Of these functions.</summary>
    public static PfCounts Of(IEnumerable<PciDevice> functions) =>
        new(functions.CountBy(function => function.Parent ?? function.Address));

    /// <summary>As told; null when nothing is, or no such counts can be.</summary>
    /// <param name="sum">What the counts must come to.</param>
    public static PfCounts? Read(IReadOnlyDictionary<string, int>? told, int sum)
    {
        var read = new Dictionary<PciAddress, int>();
        foreach (var (text, count) in told ?? new Dictionary<string, int>())
            if (count < 0 || !PciAddress.TryParse(text, out var pf, out _) || !read.TryAdd(pf, count))
                return null;
        return told is not null && read.Values.Sum(count => (long)count) == sum ? new(read) : null;
    }

    public int Count => counts.Length;

    public IEnumerable<PciAddress> Keys => counts.Select(count => count.Key);

    public IEnumerable<int> Values => counts.Select(count => count.Value);

    public int this[PciAddress key] =>
        TryGetValue(key, out var count) ? count : throw new KeyNotFoundException($"None is on {key}.");

    public bool ContainsKey(PciAddress key) => TryGetValue(key, out _);

    public bool TryGetValue(PciAddress key, out int value)
    {
        foreach (var count in counts)
            if (count.Key == key)
            {
                value = count.Value;
                return true;
            }

        value = 0;
        return false;
    }

    public IEnumerator<KeyValuePair<PciAddress, int>> GetEnumerator() =>
        counts.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(PfCounts? other) => other is not null && counts.SequenceEqual(other.counts);

    /// <summary>They say the same, where counts from so many on are not told apart.</summary>
    internal bool EqualsUpTo(long most, PfCounts other)
    {
        if (Count != other.Count)
            return false;
        for (var index = 0; index < counts.Length; index++)
            if (counts[index].Key != other.counts[index].Key
                || Math.Min(counts[index].Value, most) != Math.Min(other.counts[index].Value, most))
                return false;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as PfCounts);

    public override int GetHashCode() =>
        counts.Aggregate(0, (sum, count) => HashCode.Combine(sum, count.Key, count.Value));

    public override string ToString() =>
        string.Join(", ", counts.Select(count => $"{count.Value} on {count.Key}"));
}

/// <summary>An object of numbers in JSON.</summary>
public sealed class PfCountsJsonConverter : JsonConverter<PfCounts>
{
    public override PfCounts Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<Dictionary<PciAddress, int>>(ref reader, options) ?? []);

    public override void Write(Utf8JsonWriter writer, PfCounts value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (pf, count) in value)
            writer.WriteNumber(pf.ToString(), count);
        writer.WriteEndObject();
    }
}
