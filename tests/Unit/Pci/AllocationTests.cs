using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

public class AllocationTests
{
    private static readonly Guid First = new("11111111-0000-0000-0000-000000000000");
    private static readonly Guid Second = new("22222222-0000-0000-0000-000000000000");

    [Fact]
    public void The_lowest_addresses_are_picked_whatever_order_they_come_in()
    {
        PciDevice[] devices = [Vf(0, 2), Vf(0, 0), Vf(0, 1)];

        var picked = Allocation.Pick(devices, [new(First, 2, [OfType(DeviceType.Vf)])]);

        Assert.Equal([Vf(0, 0), Vf(0, 1)], picked.Devices.Select(taken => taken.Device));
    }

    [Fact]
    [Trait("feature", "U24")]
    public void A_pf_is_picked_whose_vfs_nobody_needs()
    {
        PciDevice[] devices = [Pf(0), Vf(0, 0), Pf(1), Vf(1, 0)];
        PciRequest[] requests =
            [new(First, 1, [OfType(DeviceType.Pf)]), new(Second, 1, [OfType(DeviceType.Vf)])];

        var picked = Allocation.Pick(devices, requests);

        Assert.Equal([Pf(0), Vf(1, 0)], picked.Devices.Select(taken => taken.Device));
    }

    [Fact]
    [Trait("feature", "U24")]
    public void A_host_whose_pfs_all_differ_is_not_searched_for_ever()
    {
        // The eight PFs with the fewest VFs leave a hundred: one less than is asked.
        var devices = Enumerable.Range(0, 16).SelectMany(pf => Enumerable.Range(0, pf + 1)
            .Select(index => Vf(pf, index)).Prepend(Pf(pf)));
        PciRequest[] requests =
            [new(First, 8, [OfType(DeviceType.Pf)]), new(Second, 101, [OfType(DeviceType.Vf)])];

        var picked = Allocation.Pick(devices, requests);

        Assert.Empty(picked.Devices);
        Assert.Equal([First, Second], picked.Shortfall!.RequestIds);
        Assert.Contains("no way was found", picked.Shortfall.Reason);
    }

    /// <summary>Against trying every set of devices.</summary>
    [Fact]
    [Trait("feature", "U24")]
    public void Functions_are_picked_exactly_when_some_way_exists_without_a_pf_and_its_own_vf()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var devices = Enumerable.Range(0, 3)
                .SelectMany(pf =>
                    Enumerable.Range(0, random.Next(3)).Select(vf => Vf(pf, vf)).Prepend(Pf(pf)))
                .Where(_ => random.Next(4) > 0)
                .ToList();
            PciRequest[] requests =
            [
                new(First, random.Next(1, 3), [OfType(DeviceType.Pf)]),
                new(Second, random.Next(1, 4), [OfType(DeviceType.Vf)]),
            ];

            var picked = Allocation.Pick(devices, requests);

            Assert.True(
                picked.Shortfall is null == SomeWay(devices, requests), $"seed {seed}, round {round}");
            if (picked.Shortfall is null)
                AssertGood(picked, requests, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    [Trait("feature", "U24")]
    public void A_refusal_on_many_pfs_is_soon_known()
    {
        var devices = Enumerable.Range(0, 64)
            .SelectMany(pf => Enumerable.Range(0, 2).Select(vf => Vf(pf, vf)).Prepend(Pf(pf)));
        PciRequest[] requests =
            [new(First, 32, [OfType(DeviceType.Pf)]), new(Second, 65, [OfType(DeviceType.Vf)])];

        Assert.NotNull(Allocation.Pick(devices, requests).Shortfall);
    }

    private static void AssertGood(Allocation picked, PciRequest[] requests, string where)
    {
        var addresses = picked.Devices.Select(taken => taken.Device.Address).ToHashSet();
        Assert.True(addresses.Count == requests.Sum(request => request.Count), where);
        Assert.True(
            picked.Devices.All(taken => taken.Device.Parent is not { } pf || !addresses.Contains(pf)), where);
        Assert.All(requests, request =>
        {
            var its = picked.Devices.Where(taken => taken.RequestId == request.RequestId).ToList();
            Assert.True(its.Count == request.Count && its.All(taken => request.Meets(taken.Device)), where);
        });
    }

    // PFs and VFs are told apart by their type here, so a set of PFs decides what VFs are left.
    private static bool SomeWay(List<PciDevice> devices, PciRequest[] requests)
    {
        var pfs = devices.FindAll(device => device.Type == DeviceType.Pf);
        return Enumerable.Range(0, 1 << pfs.Count).Any(set =>
        {
            var taken = pfs.Where((_, index) => (set >> index & 1) == 1).Select(pf => pf.Address).ToHashSet();
            var vfs = devices.Count(device => device.Parent is { } pf && !taken.Contains(pf));
            return taken.Count == requests[0].Count && vfs >= requests[1].Count;
        });
    }

    private static PciDevice Pf(int pf) => new(
        PciAddress.Parse($"0000:{pf + 1:x2}:00.0"), "15b3", "1017", DeviceType.Pf, null, null, 0, null, null,
        DeviceTags.None);

    private static PciDevice Vf(int pf, int index) => new(
        PciAddress.Parse($"0000:{pf + 1:x2}:{2 + index / 8:x2}.{index % 8}"), "15b3", "1018",
        DeviceType.Vf, Pf(pf).Address, index, 0, null, null, DeviceTags.None);

    private static Dictionary<string, string?> OfType(string type) => new() { ["dev_type"] = type };
}
