using System.Text.Json;
using Platform.Conformance.Tests.Kinds;

namespace Platform.Conformance.Tests;

/// <summary>Wrong answers that were planted in sequences.</summary>
public class SequenceTests
{
    [Fact]
    public void A_wrong_answer_differs_and_the_next_op_goes_on_from_Novas_pools()
    {
        var line = JsonElement.Parse("""
            {"id": 1, "mode": "scheduler", "host": {"cells": null}, "start_pools": [POOL2], "ops": [
            {"op": "support", "requests": [ONE], "result": false, "pools": [POOL2]},
            {"op": "apply", "requests": [ONE], "result": null, "pools": [POOL5]},
            {"op": "apply", "requests": [ONE], "result": null, "pools": [POOL4]}]}
            """
            .Replace("ONE", """{"count": 1, "spec": [{}]}""", StringComparison.Ordinal)
            .Replace("POOL2", Pool(2), StringComparison.Ordinal)
            .Replace("POOL4", Pool(4), StringComparison.Ordinal)
            .Replace("POOL5", Pool(5), StringComparison.Ordinal));

        var tally = new Tally(new StatsKind().Replay(line));

        Assert.Equal(["1 op 0", "1 op 1"], tally.Differing.Select(answer => answer.Id));
        Assert.Equal(1, tally.Agree);
    }

    [Fact]
    public void A_device_that_is_said_to_be_somebody_elses_differs()
    {
        const string devices = """
            [{"address": "0000:0a:10.0", "vendor_id": "8086", "product_id": "1515", "dev_type": "type-PCI"}]
            """;
        var line = JsonElement.Parse("""
            {"id": 1, "host": {"cells": null}, "device_spec": ["{}"], "sysfs": {"pfs": [], "netdevs": {}},
            "ops": [{"op": "sync", "devices": DEVICES, "result": null, "pools": [],
            "devices_after": {"0000:0a:10.0":
            ["claimed", "10000000-0000-0000-0000-000000000000", "type-PCI"]}}]}
            """.Replace("DEVICES", devices, StringComparison.Ordinal));

        var tally = new Tally(new TrackerKind().Replay(line));

        Assert.Equal(1, tally.Differ);
    }

    private static string Pool(int count) => $$"""
        {"vendor_id": "8086", "product_id": "1515", "dev_type": "type-PCI", "numa_node": null, "tags": {},
        "count": {{count}}}
        """;
}
