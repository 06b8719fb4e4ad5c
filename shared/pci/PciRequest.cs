namespace Platform.Pci;

/// <summary>
/// So many functions, each meeting one of the alternatives. A value meets whatever its case; a key does not.
/// Null meets null and a missing tag. A PF takes all its VFs with it, and is given only when an alternative
/// asks for <c>dev_type</c> <c>type-PF</c>; so with vDPA and <c>remote_managed</c> devices.
/// </summary>
/// <param name="Spec">Alternatives: <c>vendor_id</c>, <c>product_id</c> and <c>dev_type</c> are fields of the
/// function, any other key is a tag. None: met by nothing.</param>
/// <param name="NumaPolicy">Null when nothing is said, which is <see cref="NumaPolicy.Legacy"/>.</param>
/// <param name="Pin">The function itself, or the PF of which it is to be a VF; null for any (D9). Only
/// <see cref="HostPlacement"/> looks at it.</param>
public sealed record PciRequest(
    Guid RequestId, int Count, IReadOnlyList<IReadOnlyDictionary<string, string?>> Spec,
    NumaPolicy? NumaPolicy = null, PciAddress? Pin = null)
{
    public bool Meets(PciDevice device) => Meets(PoolKey.Of(device));

    public bool Meets(Pool pool) => Meets(pool.Key());

    /// <summary>What is asked for, as a part of a sentence: "on physnet1 with vendor_id 15b3".</summary>
    /// <param name="numa">Where the guest runs, when that matters.</param>
    public string Describe(NumaAffinity? numa = null)
    {
        var what = Spec.Count == 0 ? "of no kind" : string.Join(" or ", Spec.Select(Describe).Distinct());
        if (Pin is { } pin)
            what += $" at {pin}";
        var policy = NumaPolicy ?? Pci.NumaPolicy.Legacy;
        return numa is null || policy == Pci.NumaPolicy.Preferred
            ? what
            : $"{what} for {numa} by {policy.ToString().ToLowerInvariant()} policy";
    }

    internal bool Meets(PoolKey key) => Matches(key) && Wants(key);

    private bool Matches(PoolKey key)
    {
        foreach (var alternative in Spec)
            if (Matches(key, alternative))
                return true;
        return false;
    }

    private static bool Matches(PoolKey key, IReadOnlyDictionary<string, string?> alternative)
    {
        foreach (var (name, asked) in alternative)
            if (!string.Equals(asked, ValueOf(key, name), StringComparison.OrdinalIgnoreCase))
                return false;
        return true;
    }

    private static string? ValueOf(PoolKey key, string name) => name switch
    {
        "vendor_id" => key.VendorId,
        "product_id" => key.ProductId,
        "dev_type" => key.DeviceType,
        _ => key.Tags.GetValueOrDefault(name),
    };

    // Any alternative may ask for the kind, not only the one that the function meets: as in Nova.
    private bool Wants(PoolKey key) =>
        (key.DeviceType is not (DeviceType.Pf or DeviceType.Vdpa)
            || Spec.Any(alternative => alternative.GetValueOrDefault("dev_type") == key.DeviceType))
        && (!TruthText.IsTrue(key.Tags.GetValueOrDefault(DeviceTags.RemoteManaged))
            || Spec.Any(alternative =>
                TruthText.IsTrue(alternative.GetValueOrDefault(DeviceTags.RemoteManaged))));

    private static string Describe(IReadOnlyDictionary<string, string?> alternative)
    {
        var parts = alternative.Where(IsTold).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        if (parts.Count == 0)
            return "of any kind";
        var network = parts.Where(IsNetwork).Select(pair => $"on {pair.Value}");
        var others = parts.Where(pair => !IsNetwork(pair))
            .Select(pair => pair.Value is null ? $"without {pair.Key}" : $"with {pair.Key} {pair.Value}");
        return string.Join(' ', network.Concat(others));
    }

    // What is asked of the place is told by the pin or the group, and not to be managed by others is usual.
    private static bool IsTold(KeyValuePair<string, string?> pair) =>
        !Place.IsPlace(pair.Key) && (pair.Key != DeviceTags.RemoteManaged || TruthText.IsTrue(pair.Value));

    private static bool IsNetwork(KeyValuePair<string, string?> pair) =>
        pair is { Key: "physical_network", Value: not null };
}
