namespace Platform.Pci.Requests;

/// <summary>NUMA policies as aliases, flavors and ports write them.</summary>
public static class NumaPolicyText
{
    internal const string Allowed = "write required, legacy, preferred or socket";

    /// <summary>Reads a policy, in lower case; null when nothing is said.</summary>
    /// <param name="field">Where it is written, for the refusal.</param>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static NumaPolicy? Read(string field, string? text) =>
        string.IsNullOrEmpty(text)
            ? null
            : Find(text) ?? throw new RequestRefusedException(
                new(RequestRefusalKind.InvalidRequest, field, text, Allowed));

    public static string Write(NumaPolicy policy) => policy.ToString().ToLowerInvariant();

    /// <summary>The policy of this name; null when there is none.</summary>
    public static NumaPolicy? Find(string? text) => text switch
    {
        "required" => NumaPolicy.Required,
        "legacy" => NumaPolicy.Legacy,
        "preferred" => NumaPolicy.Preferred,
        "socket" => NumaPolicy.Socket,
        _ => null,
    };
}
