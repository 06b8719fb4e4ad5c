using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.NetworkBinding.Domain;

/// <summary>One port. At most one claim has it, and a claim that was undone never has it again.</summary>
/// <param name="Exists">False before it was made, and after it was deleted; undone claims are kept all the
/// same.</param>
/// <param name="Revision">Counts what a reader of the port can see change, from 1.</param>
/// <param name="Undone">When each claim was undone. Forgotten after <see cref="UndoneKept"/>.</param>
public sealed record Port(
    bool Exists,
    string NetworkId,
    Segment Segment,
    string ProjectId,
    PortAttributes Attributes,
    ManualBinding Manual,
    PortClaim? Claim,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    ImmutableSortedDictionary<Guid, DateTimeOffset> Undone)
{
    /// <summary>Its network's physical network; null on an overlay.</summary>
    [JsonIgnore]
    public string? PhysicalNetwork => Segment.PhysicalNetwork;

    /// <summary>The host it is bound to, by a claim or by hand; empty for none.</summary>
    [JsonIgnore]
    public string HostId => Claim?.HostId ?? Manual.HostId;

    /// <summary>
    /// Longer than any order's <c>notAfter</c>, which is minutes away: a later one is refused for its time.
    /// </summary>
    public static readonly TimeSpan UndoneKept = TimeSpan.FromHours(24);

    public static readonly Port None = new(
        false, "", new(Segment.Local, null, null), "", new("", "", "", VnicType.Normal, "", "", true),
        ManualBinding.None, null, 0, default, default,
        ImmutableSortedDictionary<Guid, DateTimeOffset>.Empty);

    public Port Evolve(PortEvent happened) => happened switch
    {
        PortCreated e => this with
        {
            Exists = true,
            NetworkId = e.NetworkId,
            Segment = e.Segment,
            ProjectId = e.ProjectId,
            Attributes = e.Attributes,
            Manual = e.Binding,
            Revision = 1,
            CreatedAt = e.At,
            UpdatedAt = e.At,
        },
        PortUpdated e => Changed(e.At) with { Attributes = e.Attributes, Manual = e.Binding },
        PortBound e => Changed(e.At) with { Claim = e.Claim },
        PortUnbound e => (Claim?.ClaimId == e.ClaimId ? Changed(e.At) with { Claim = null } : this) with
        {
            Undone = Undone.RemoveRange(Undone.Where(u => u.Value < e.At - UndoneKept).Select(u => u.Key))
                .SetItem(e.ClaimId, e.At),
        },
        PortDeleted e => Changed(e.At) with { Exists = false },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} has no meaning for a port."),
    };

    private Port Changed(DateTimeOffset at) => this with { Revision = Revision + 1, UpdatedAt = at };
}
