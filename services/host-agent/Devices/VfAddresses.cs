using System.Globalization;
using Platform.Pci;

namespace Platform.HostAgent.Devices;

/// <summary>
/// Where the VFs of a simulated PF sit: as on an X710, from slot 02 on, a range for each of the card's ports.
/// </summary>
internal static class VfAddresses
{
    public const int PlacesPerFunction = 64;
    private const int FirstPlace = 16;

    public static IEnumerable<PciAddress> Of(PciAddress pf, int count) =>
        Enumerable.Range(0, count).Select(index => At(pf, index));

    public static PciAddress At(PciAddress pf, int index)
    {
        // A routing id: 8 bits of bus, 5 of slot, 3 of function. It runs on into the next bus, as a real one
        // does.
        var place = (pf.Bus << 8) + FirstPlace + pf.Function * PlacesPerFunction + index;
        return PciAddress.Parse(string.Create(
            CultureInfo.InvariantCulture,
            $"{pf.Domain:x4}:{place >> 8 & 0xff:x2}:{place >> 3 & 0x1f:x2}.{place & 7:x}"));
    }
}
