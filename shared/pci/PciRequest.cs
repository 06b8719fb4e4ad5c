namespace Platform.Pci;

/// <summary>
/// So many functions, each meeting one of the alternatives. A value meets whatever its case; a key does not.
/// Null meets null and a missing tag. A PF meets only an alternative that asks for <c>dev_type</c>
/// <c>type-PF</c>, since it takes all its VFs with it.
/// </summary>
/// <param name="Spec">Alternatives: <c>vendor_id</c>, <c>product_id</c> and <c>dev_type</c> are fields of the
/// function, any other key is a tag. None: met by nothing.</param>
public sealed record PciRequest(
    Guid RequestId, int Count, IReadOnlyList<IReadOnlyDictionary<string, string?>> Spec)
{
    public bool Meets(PciDevice device) => Meets(PoolKey.Of(device));

    public bool Meets(Pool pool) =>
        Meets(new PoolKey(pool.VendorId, pool.ProductId, pool.DeviceType, pool.NumaNode, pool.Tags));

    /// <summary>What is asked for, as a part of a sentence: "on physnet1 with vendor_id 15b3".</summary>
    public string Describe() => Spec.Count == 0 ? "of no kind" : string.Join(" or ", Spec.Select(Describe));

    internal bool Meets(PoolKey key)
    {
        foreach (var alternative in Spec)
            if (Meets(key, alternative))
                return true;
        return false;
    }

    private static bool Meets(PoolKey key, IReadOnlyDictionary<string, string?> alternative)
    {
        foreach (var (name, asked) in alternative)
            if (!string.Equals(asked, ValueOf(key, name), StringComparison.OrdinalIgnoreCase))
                return false;
        return key.DeviceType != DeviceType.Pf || alternative.ContainsKey("dev_type");
    }

    private static string? ValueOf(PoolKey key, string name) => name switch
    {
        "vendor_id" => key.VendorId,
        "product_id" => key.ProductId,
        "dev_type" => key.DeviceType,
        _ => key.Tags.GetValueOrDefault(name),
    };

    private static string Describe(IReadOnlyDictionary<string, string?> alternative)
    {
        if (alternative.Count == 0)
            return "of any kind";
        var parts = alternative.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var network = parts.Where(IsNetwork).Select(pair => $"on {pair.Value}");
        var others = parts.Where(pair => !IsNetwork(pair))
            .Select(pair => pair.Value is null ? $"without {pair.Key}" : $"with {pair.Key} {pair.Value}");
        return string.Join(' ', network.Concat(others));
    }

    private static bool IsNetwork(KeyValuePair<string, string?> pair) =>
        pair is { Key: "physical_network", Value: not null };
}
