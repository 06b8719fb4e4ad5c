namespace Platform.Pci.Requests;

/// <summary>Why an alias, or a request for devices, is refused.</summary>
public enum RequestRefusalKind
{
    /// <summary>The definition of an alias is wrong: Nova's <c>PciInvalidAlias</c>.</summary>
    InvalidAlias,

    /// <summary>A flavor asks for an alias that is not defined: <c>PciRequestAliasNotDefined</c>.</summary>
    AliasNotDefined,

    /// <summary>A flavor or a port asks for nonsense. Nova has no name for it.</summary>
    InvalidRequest,
}

/// <summary>What is refused, and what would be taken instead.</summary>
/// <param name="Field">With the alias or the extra spec it is in: <c>alias 2: vendor_id</c>.</param>
public sealed record RequestRefusal(RequestRefusalKind Kind, string Field, string Value, string Allowed)
{
    // A value is repeated to be found, not to be read in full.
    private const int ValueShown = 80;

    public override string ToString()
    {
        var value = Value.Length <= ValueShown ? Value : Value[..ValueShown] + "...";
        return $"{Field} '{value}' is refused: {Allowed}.";
    }
}

/// <summary>An alias, or a request for devices, that cannot be used.</summary>
public sealed class RequestRefusedException : Exception
{
    public RequestRefusedException(RequestRefusal refusal) : base(refusal.ToString()) => Refusal = refusal;

    public RequestRefusal Refusal { get; }
}
