namespace Platform.Pci.DeviceSpecs;

/// <summary>Why a device spec, or a reported address, is refused. Nova has an exception for each.</summary>
public enum SpecRefusalKind
{
    /// <summary>An entry, a field or a value that is not what it must be.</summary>
    Invalid,

    /// <summary>An address of the wrong form, or a regex that is none.</summary>
    WrongAddressFormat,

    /// <summary>Both <c>address</c> and <c>devname</c> (A8).</summary>
    AddressAndDevname,

    /// <summary>The host does not say the ids of a PF that <c>remote_managed</c> needs.</summary>
    DeviceNotFound,

    /// <summary>A PF marked <c>remote_managed</c>: only its VFs can be (AX6).</summary>
    PfRemoteManaged,

    /// <summary>A <c>devname</c> marked <c>remote_managed</c> that the host does not have.</summary>
    RemoteManagedAbsent,
}

/// <summary>What is refused, and what would be taken instead.</summary>
/// <param name="Entry">Which entry, counted from 1 over all options; 0 for a reported device.</param>
/// <param name="Field">As written in the spec: <c>address.bus</c>; empty for the whole entry.</param>
public sealed record SpecRefusal(
    SpecRefusalKind Kind, int Entry, string Field, string Value, string Allowed)
{
    // A value is repeated to be found, not to be read in full.
    private const int ValueShown = 80;

    public override string ToString()
    {
        var value = Value.Length <= ValueShown ? Value : Value[..ValueShown] + "...";
        var where = Entry == 0 ? "reported device" : $"device_spec entry {Entry}";
        return $"{where}: {(Field.Length == 0 ? "" : Field + " ")}'{value}' is refused: {Allowed}.";
    }
}

/// <summary>A device spec that cannot be used.</summary>
public sealed class SpecRefusedException : Exception
{
    public SpecRefusedException(SpecRefusal refusal) : base(refusal.ToString()) => Refusal = refusal;

    public SpecRefusal Refusal { get; }
}
