using System.Text.Json;
using Platform.Pci;

namespace Platform.Unit.Tests.Pci;

/// <summary>What a pool says of its PFs (spread and pack need it).</summary>
[Trait("feature", "B25"), Trait("feature", "U19")]
public class PfCountsTests
{
    private static readonly PciAddress First = Cards.Pf(0).Address;
    private static readonly PciAddress Second = Cards.Pf(1).Address;

    [Fact]
    public void Free_functions_are_counted_by_their_pf_and_no_vfs_by_themselves()
    {
        (PciDevice, bool)[] devices =
        [
            (Cards.Pf(1), true), (Cards.Vf(1, 0), true), (Cards.Vf(0, 1), true), (Cards.Vf(0, 0), true),
            (Cards.Vf(0, 2), false), (Cards.Vf(2, 0), false),
        ];

        var pools = Pools.From(devices);

        Assert.Equal("2 on 0000:01:00.0, 1 on 0000:02:00.0", $"{Of(DeviceType.Vf).FreeByPf}");
        Assert.Equal("1 on 0000:02:00.0", $"{Of(DeviceType.Pf).FreeByPf}");
        Assert.All(pools, pool => Assert.Equal(pool.Free, pool.FreeByPf!.Values.Sum()));

        Pool Of(string type) => pools.Single(pool => pool.DeviceType == type);
    }

    [Fact]
    public void A_pf_that_is_not_there_has_none()
    {
        var counts = new PfCounts([new(Second, 1), new(First, 0)]);

        Assert.Equal([Second], counts.Keys);
        Assert.Equal(1, counts[Second]);
        Assert.False(counts.TryGetValue(First, out var none));
        Assert.Equal(0, none);
    }

    [Fact]
    public void They_are_equal_when_they_say_the_same_also_after_json()
    {
        var counts = new PfCounts([new(Second, 1), new(First, 2)]);
        var read = JsonSerializer.Deserialize<PfCounts>(JsonSerializer.Serialize(counts));

        Assert.Equal("""{"0000:01:00.0":2,"0000:02:00.0":1}""", JsonSerializer.Serialize(counts));
        Assert.True(counts.Equals(read));
        Assert.Equal(counts.GetHashCode(), read!.GetHashCode());
        Assert.False(counts.Equals(new([new(Second, 1), new(First, 1)])));
    }

    [Fact]
    public void What_is_told_wrongly_or_not_at_all_is_not_known()
    {
        Assert.Equal(2, PfCounts.Read(new Dictionary<string, int> { [$"{First}"] = 2 }, 2)![First]);
        Assert.Null(PfCounts.Read(null, 0));
        Assert.Null(PfCounts.Read(new Dictionary<string, int> { [$"{First}"] = 2 }, 3));
        Assert.Null(PfCounts.Read(new Dictionary<string, int> { ["3b:00.0"] = 2 }, 2));
        Assert.Null(PfCounts.Read(
            new Dictionary<string, int> { [$"{First}"] = 3, [$"{Second}"] = -1 }, 2));
    }
}
