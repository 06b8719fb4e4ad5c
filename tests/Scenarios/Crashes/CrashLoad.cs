using Platform.AllInOne.Demonstration;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>
/// Somebody who boots and stops virtual machines, and asks again when the answer was no good one. What was
/// accepted is remembered: it must come to an end.
/// </summary>
internal sealed class CrashLoad(CrashWorld world, Random random)
{
    public const int BootCount = 60;
    public const int PortCount = 70;

    private const int FirstWave = 30;
    private const int StopCount = 20;
    private const int AtOnce = 6;
    private static readonly TimeSpan AcceptLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(150);

    private readonly List<Guid> boots =
        [.. Enumerable.Range(0, BootCount).Select(_ => Guid.NewGuid())];
    private readonly HashSet<Guid> stopped = [];
    private Task firstWave = Task.CompletedTask;
    private Task stopping = Task.CompletedTask;

    /// <summary>Boots the first half, and returns in the middle of it.</summary>
    /// <returns>How many boots were on their way then.</returns>
    public async Task<int> Begin(CancellationToken stop)
    {
        var enough = random.Next(1, FirstWave / 3);
        IReadOnlyList<BootShown> shown = [];
        firstWave = ForAll(boots.Take(FirstWave), bootId => Boot(bootId, stop), stop);
        await Eventually.True(
            $"{enough} boots run",
            async () => (shown = await Shown(stop)).Count(boot => boot.State == "Running") >= enough,
            stop);
        return shown.Count(boot => !HasEnded(boot));
    }

    /// <summary>
    /// Boots the second half and stops some of the first, mixed, so that what one gives back another takes.
    /// </summary>
    public async Task GoOn(CancellationToken stop)
    {
        await firstWave;
        stopped.UnionWith(random.GetItems([.. boots.Take(FirstWave)], StopCount));
        Guid[] mixed = [.. boots.Skip(FirstWave), .. stopped];
        random.Shuffle(mixed);
        await ForAll(mixed, id => stopped.Contains(id) ? Stop(id, stop) : Boot(id, stop), stop);
    }

    /// <summary>Returns when every accepted boot has ended, and none runs that was stopped.</summary>
    public Task Ended(CancellationToken stop) => Eventually.Clear(
        "every boot has ended, and none runs that was stopped",
        () => Patiently.Ask(async () =>
        {
            var shown = await Shown(stop);
            return
            [
                .. shown.Where(boot => !HasEnded(boot)).Select(Describe),
                .. boots.Except(shown.Select(boot => boot.BootId)).Select(id => $"{id} is not known"),
            ];
        }, stop),
        stop, EndLimit);

    /// <summary>Stops all, and returns in the middle of it.</summary>
    /// <returns>How many boots were not stopped then.</returns>
    public async Task<int> BeginStopping(CancellationToken stop)
    {
        bool IsUp(BootShown boot) => boot.State is not ("Failed" or "Stopped");
        var running = (await Shown(stop)).Count(IsUp);
        var enough = random.Next(1, Math.Max(running / 2, 2));
        var left = running;
        stopped.UnionWith(boots);
        stopping = ForAll(boots, bootId => Stop(bootId, stop), stop);
        await Eventually.True(
            $"{enough} boots of {running} are stopped",
            async () => (left = (await Shown(stop)).Count(IsUp)) <= running - enough,
            stop);
        return left;
    }

    /// <summary>Stops the others.</summary>
    public Task GoOnStopping() => stopping;

    public async Task<IReadOnlyList<BootShown>> Shown(CancellationToken stop) =>
    [
        .. (await world.Api.Get<List<BootShown>>("api/boots?limit=1000", stop))
            .Where(boot => boots.Contains(boot.BootId)),
    ];

    /// <summary>How many boots came to which end.</summary>
    public async Task<string> Ends(CancellationToken stop) => string.Join(", ", (await Shown(stop))
        .CountBy(boot => $"{boot.State} {boot.Failure?.Code}").Select(end => $"{end.Value} {end.Key}"));

    private static string VmOf(Guid bootId) => $"vm-{bootId:N}";

    private bool HasEnded(BootShown boot) =>
        boot.State is "Failed" or "Stopped" || (boot.State == "Running" && !stopped.Contains(boot.BootId));

    private static string Describe(BootShown boot) => $"{boot.BootId} is {boot.State}: " + string.Join(
        "; ", boot.Timeline.Select(moment => $"{moment.At:HH:mm:ss.fff} {moment.Step} {moment.Text}"));

    private Task Boot(Guid bootId, CancellationToken stop) => Accepted(
        $"boot {bootId}", () => world.Api.Boot(VmOf(bootId), PortsOf(bootId), stop, bootId), stop);

    private Task Stop(Guid bootId, CancellationToken stop) => Accepted(
        $"the stop of boot {bootId}", () => world.Api.Stop(bootId, stop), stop);

    // Every sixth has two NICs; no two share a port.
    private IEnumerable<string> PortsOf(Guid bootId)
    {
        var index = boots.IndexOf(bootId);
        yield return world.PortIds[index];
        if (index % 6 == 0)
            yield return world.PortIds[BootCount + index / 6];
    }

    private static Task Accepted(string what, Func<Task> ask, CancellationToken stop) => Eventually.Clear(
        $"{what} is accepted",
        () => Patiently.Ask(async () =>
        {
            await ask();
            return [];
        }, stop),
        stop, AcceptLimit);

    private static Task ForAll(IEnumerable<Guid> ids, Func<Guid, Task> act, CancellationToken stop) =>
        Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (id, _) => await act(id));
}
