using System.Text.Json;
using Platform.AllInOne.Demonstration;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>Which virtual machine holds which function: five who must say the same.</summary>
internal sealed class Books(CrashWorld world)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Returns when the inventory, its log, the boots, the ports and the hardware agree, and nothing is in
    /// between.
    /// </summary>
    public Task Agree(CrashLoad load, CancellationToken stop) => Eventually.Clear(
        "the books agree", () => Patiently.Ask(() => Differences(load, stop), stop), stop, Limit);

    /// <summary>Returns when nobody holds anything, and no message is owed.</summary>
    public Task AreEmpty(CancellationToken stop) => Eventually.Clear(
        "nothing is held, plugged, bound or owed",
        () => Patiently.Ask(async () =>
        [
            .. (await ByInventory(stop)).Concat(await ByHardware(stop)).Concat(await ByPorts(stop)),
            .. await Owed(stop),
        ], stop),
        stop, Limit);

    private async Task<IReadOnlyList<string>> Differences(CrashLoad load, CancellationToken stop)
    {
        var running = (await load.Shown(stop)).Where(boot => boot.State == "Running");
        var byBoots = running.SelectMany(Holdings).ToList();
        return
        [
            .. Compare(byBoots, "inventory", await ByInventory(stop)),
            .. Compare(byBoots, "log", (await OwnershipLog.Read(world.Database, stop)).Held),
            .. Compare(byBoots, "hardware", await ByHardware(stop)),
            .. Compare(byBoots, "ports", await ByPorts(stop)),
        ];
    }

    private static IEnumerable<string> Compare(
        IReadOnlyList<string> byBoots, string other, IReadOnlyList<string> byOther) =>
    [
        .. byBoots.Except(byOther).Select(holding => $"a boot says, and not the {other}: {holding}"),
        .. byOther.Except(byBoots).Select(holding => $"the {other} says, and no boot: {holding}"),
        .. byOther.CountBy(holding => holding).Where(twice => twice.Value > 1)
            .Select(twice => $"the {other} says {twice.Value} times: {twice.Key}"),
    ];

    private static IEnumerable<string> Holdings(BootShown boot) =>
        boot.Bindings.Select(binding => $"{boot.HostId} {binding.Profile?.PciSlot} held {boot.VmId}");

    private async Task<IReadOnlyList<string>> ByInventory(CancellationToken stop) =>
    [
        .. from line in await world.Api.Get<List<JsonElement>>("api/devices", stop)
           let state = Text(line, "state")
           where state is not ("free" or "unavailable")
           select $"{Text(line, "hostId")} {Text(line, "address")} {state} {Text(line, "vmId")}",
    ];

    // What is set on a function must be what its plug says; one without a plug must be as from the factory.
    private async Task<IReadOnlyList<string>> ByHardware(CancellationToken stop) =>
    [
        .. from host in await world.Agents.Get<List<JsonElement>>("host-agent/hosts", stop)
           from function in host.GetProperty("functions").EnumerateArray()
           let plugged = function.GetProperty("plugged")
           let settings = function.GetProperty("settings")
           let isPlugged = plugged.ValueKind == JsonValueKind.Object
           where isPlugged || Text(settings, "vmId") != "" || Text(settings, "driver") != "host"
           let isAsPlugged = isPlugged && plugged.GetProperty("done").GetBoolean()
               && Text(plugged, "vmId") == Text(settings, "vmId")
               && Text(plugged, "macAddress") == Text(settings, "macAddress")
           let word = isAsPlugged ? "held" : $"unfinished {plugged}"
           select $"{Text(host, "hostId")} {Text(function.GetProperty("device"), "address")} {word} "
               + Text(settings, "vmId"),
    ];

    private async Task<IReadOnlyList<string>> ByPorts(CancellationToken stop) =>
    [
        .. from port in (await world.Ports.Get<JsonElement>("v2.0/ports", stop))
               .GetProperty("ports").EnumerateArray()
           let host = Text(port, "binding:host_id")
           where host != ""
           let address = Text(port.GetProperty("binding:profile"), "pci_slot")
           select $"{host} {address} held {Text(port, "device_id")}",
    ];

    private async Task<IReadOnlyList<string>> Owed(CancellationToken stop)
    {
        await using var count = world.Database.CreateCommand("select count(*) from scheduler.outbox");
        return await count.ExecuteScalarAsync(stop) is 0L ? [] : ["the scheduler's outbox is not empty"];
    }

    private static string Text(JsonElement item, string name) =>
        item.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}
