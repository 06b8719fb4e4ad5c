using System.Globalization;

namespace Platform.Pci;

/// <summary>
/// Where a function sits, as tags that live as long as one choice: what is asked of the place is then met as
/// any tag is. Their names have a space, which no device spec's tag has reason to have.
/// </summary>
internal static class Place
{
    private const string Pf = "parent PF";
    private const string Card = "parent card";
    private const string Own = "own address";
    private const string PinnedPf = "pinned PF";

    public static bool IsPlace(string key) => key is Pf or Card or Own or PinnedPf;

    public static string Of(GroupedBy by, PciDevice device)
    {
        var pf = device.Parent ?? device.Address;
        return by == GroupedBy.Pf
            ? pf.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{pf.Domain:x4}:{pf.Bus:x2}:{pf.Slot:x2}");
    }

    /// <summary>The devices, saying where they sit as far as the demand asks for it.</summary>
    public static IEnumerable<PciDevice> Mark(IEnumerable<PciDevice> devices, Demand demand)
    {
        var pins = demand.Requests.Select(request => request.Pin).OfType<PciAddress>().ToHashSet();
        var byPf = demand.Groups.Any(group => group.By == GroupedBy.Pf);
        var byCard = demand.Groups.Any(group => group.By == GroupedBy.Card);
        var marked = new Dictionary<(DeviceTags, string, bool), DeviceTags>();
        return devices.Select(device => device with { Tags = Tags(device) });

        DeviceTags Tags(PciDevice device)
        {
            var pf = Of(GroupedBy.Pf, device);
            var isVf = device.Parent is not null;
            // The VFs of one PF say the same: that is worked out once.
            if (!marked.TryGetValue((device.Tags, pf, isVf), out var tags))
            {
                tags = device.Tags;
                if (byPf)
                    tags = tags.With(Pf, pf);
                if (byCard)
                    tags = tags.With(Card, Of(GroupedBy.Card, device));
                if (device.Parent is { } parent && pins.Contains(parent))
                    tags = tags.With(PinnedPf, pf);
                marked.Add((device.Tags, pf, isVf), tags);
            }

            return pins.Contains(device.Address) ? tags.With(Own, device.Address.ToString()) : tags;
        }
    }

    /// <summary>The request, for functions of this PF or card only.</summary>
    public static PciRequest At(PciRequest request, GroupedBy by, string place) =>
        With(request, by == GroupedBy.Pf ? Pf : Card, place);

    /// <summary>The request, for the function it is pinned to, or for VFs of the PF it is pinned to
    /// (D9).</summary>
    public static PciRequest Pinned(PciRequest request)
    {
        if (request.Pin is not { } pin)
            return request;
        var itself = With(request, Own, pin.ToString());
        return itself with { Spec = [.. itself.Spec, .. With(request, PinnedPf, pin.ToString()).Spec] };
    }

    private static PciRequest With(PciRequest request, string key, string place) => request with
    {
        Spec =
        [
            .. request.Spec.Select(alternative =>
                new Dictionary<string, string?>(alternative) { [key] = place }),
        ],
    };
}
