using Platform.Inventory.Domain;
using Platform.Pci;

namespace Platform.Unit.Tests.Inventory;

/// <summary>Hosts to decide on.</summary>
internal static class Hosts
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    public static readonly Guid Instance = new("a0000000-0000-0000-0000-000000000000");
    public static readonly PciAddress Pf = PciAddress.Parse("0000:3b:00.0");

    /// <summary>A host that has reported a PF, when asked for, and its VFs.</summary>
    public static HostInventory Online(int vfs, bool pf = false) => HostInventory.Empty.After(
        new HostAdmitted("host-1", Instance, 1),
        new DevicesObserved(1, 1, [.. pf ? [Physical()] : Array.Empty<PciDevice>(), .. Vfs(vfs)], []),
        new HostAppeared(1));

    public static HostInventory After(this HostInventory host, params IEnumerable<HostEvent> events) =>
        events.Aggregate(host, (state, happened) => state.Evolve(happened));

    public static PciDevice Physical() => new(
        Pf, "15b3", "1017", DeviceType.Pf, null, null, 0, "00:00:00:00:00:01", "MT1",
        Network("physnet1"), 8, 0);

    public static IEnumerable<PciDevice> Vfs(int count) =>
        Enumerable.Range(0, count).Select(index => Vf(index));

    public static PciDevice Vf(int index, string network = "physnet1") => new(
        VfAddress(index), "15b3", "1018", DeviceType.Vf, Pf, index, 0, "00:00:00:00:00:01", "MT1",
        Network(network));

    public static PciAddress VfAddress(int index) => PciAddress.Parse($"0000:3b:02.{index}");

    public static DeviceTags Network(string name) =>
        new([KeyValuePair.Create<string, string?>("physical_network", name)]);

    public static Guid Claim(int number) => new($"c{number:0000000}-0000-0000-0000-000000000000");

    public static Guid Boot(int number) => new($"b{number:0000000}-0000-0000-0000-000000000000");

    public static PciRequest Request(int count, string? type = null) => new(
        new("d0000000-0000-0000-0000-000000000000"), count,
        [
            type is null
                ? new Dictionary<string, string?> { ["physical_network"] = "physnet1" }
                : new Dictionary<string, string?> { ["physical_network"] = "physnet1", ["dev_type"] = type },
        ]);

    public static ClaimOrder Order(int claim, params IReadOnlyList<PciRequest> requests) => new(
        Claim(claim), Boot(claim), $"vm-{claim}", Demand.Of(requests), Lease,
        Start + HostInventory.Remembrance);

    /// <summary>The host after the claim was made, which it must be.</summary>
    public static HostInventory Claimed(
        this HostInventory host, int claim, params IReadOnlyList<PciRequest> requests)
    {
        var (answer, events) = Claiming.Decide(host, Order(claim, requests), Start);
        Assert.IsType<Claiming.Held>(answer);
        return host.After(events);
    }

    public static HostInventory Released(this HostInventory host, int claim) =>
        host.After(Releasing.Decide(host, Claim(claim), Boot(claim), "over", Start).Events);

    /// <summary>The host after its agent has cleaned all that the released claim held.</summary>
    public static HostInventory Cleaned(this HostInventory host, int claim) => host.After(Cleaning.Succeed(
        host, Claim(claim), host.Claims[Claim(claim)].Generation, host.BeingCleaned(Claim(claim)),
        Start).Events);

    public static int Free(this HostInventory host) => new Offer(host).Pools().Sum(pool => pool.Free);
}
