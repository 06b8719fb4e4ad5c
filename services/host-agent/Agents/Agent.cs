using Platform.HostAgent.Devices;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Guests;
using Platform.HostAgent.Storage;
using Platform.Pci;

namespace Platform.HostAgent.Agents;

/// <summary>
/// Executes what is decided, on the devices of one host, one order at a time. Fences and intents are kept
/// before a device is touched and outcomes after, so that a crash in between leaves nothing that a repeated
/// order cannot settle.
/// </summary>
public sealed class Agent(string hostId, IHostDevices devices, StateFile<AgentState> file, TimeProvider time)
    : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private volatile AgentState state = file.Load() ?? AgentState.Empty;

    public string HostId { get; } = hostId;

    /// <summary>This life of the agent.</summary>
    public Guid InstanceId { get; } = Guid.NewGuid();

    public AgentState State => state;

    public IHostDevices Devices { get; } = devices;

    /// <summary>False when the admission was not for this life, or older than the one it has.</summary>
    public Task<bool> Admit(
        Guid instanceId,
        long epoch,
        IEnumerable<KeyValuePair<PciAddress, long>> fences,
        CancellationToken stop) =>
        Exclusively(() =>
        {
            var admitted = Admission.Decide(state, InstanceId, instanceId, epoch, fences);
            if (admitted != null)
                Keep(admitted);
            return Task.FromResult(admitted != null);
        }, stop);

    /// <summary>Epoch and sequence of the next event; null before admission.</summary>
    public Task<AgentState?> NextEvent(CancellationToken stop) => Exclusively<AgentState?>(() =>
    {
        if (!state.IsAdmitted)
            return Task.FromResult<AgentState?>(null);
        Keep(state.NextEvent());
        return Task.FromResult<AgentState?>(state);
    }, stop);

    /// <summary>Null when the guest has the functions, else why it has none of them.</summary>
    public Task<string?> Plug(PlugOrder order, CancellationToken stop) => Exclusively(async () =>
        Plugging.Decide(state, order, await Devices.ReadAll(stop), time.GetUtcNow()) switch
        {
            Plugging.AlreadyPlugged => null,
            Plugging.Refused refused => refused.Reason,
            Plugging.Accepted accepted => await Plug(order, accepted.Intent, stop),
            var answer => throw new InvalidOperationException($"Unknown answer {answer}."),
        }, stop);

    /// <summary>
    /// The XML of what the guest was given, by function (H18). It says nothing of one whose network device is
    /// gone since: the guest keeps what it has.
    /// </summary>
    public async Task<IReadOnlyDictionary<PciAddress, string>> GuestXmlOf(
        IEnumerable<PluggedFunction> functions, CancellationToken stop)
    {
        var texts = new Dictionary<PciAddress, string>();
        foreach (var function in functions)
        {
            var netdev = await Devices.NetdevOf(function.Address, stop);
            if (function.VnicType != "macvtap" || netdev is not null)
                texts[function.Address] = GuestXml.Text(FunctionDevice.Of(function, netdev));
        }
        return texts;
    }

    /// <summary>
    /// What came of an unplug; null when it was not executed, because the agent is not admitted.
    /// </summary>
    public Task<Outcome?> Unplug(
        Guid claimId, long generation, IReadOnlyList<PciAddress> addresses, CancellationToken stop) =>
        Exclusively(async () =>
        {
            var decided = Unplugging.Decide(state, claimId, generation, addresses);
            Keep(decided.Fenced);
            var failures = new Dictionary<PciAddress, string>();
            foreach (var address in decided.Unplug)
            {
                if (await Take(address, stop) is { } reason)
                    failures.Add(address, reason);
            }
            return decided.Execute ? new Outcome([.. decided.Unplug.Except(failures.Keys)], failures) : null;
        }, stop);

    /// <summary>
    /// What came of a clean; null when it was not executed, because the agent is not admitted.
    /// </summary>
    public Task<Outcome?> Clean(
        long generation, IReadOnlyList<PciAddress> addresses, CancellationToken stop) =>
        Exclusively(async () =>
        {
            var decided = Cleaning.Decide(state, generation, addresses);
            Keep(decided.Fenced);
            var failures = new Dictionary<PciAddress, string>();
            foreach (var address in decided.Clean)
            {
                var reason = decided.Unplug.Contains(address) ? await Take(address, stop) : null;
                reason ??= (await Devices.Clean(address, stop))?.Reason;
                if (reason != null)
                    failures.Add(address, reason);
            }
            return decided.Execute ? new Outcome([.. decided.Clean.Except(failures.Keys)], failures) : null;
        }, stop);

    /// <summary>
    /// As an operator would, but refused while a guest has one of the PF's VFs: the kernel would hang.
    /// </summary>
    public Task<Refusal?> SetVfCount(PciAddress pf, int count, CancellationToken stop) => Exclusively(
        async () =>
    {
        var host = await Devices.ReadAll(stop);
        if (host.FirstOrDefault(d => d.Address == pf)?.NumVfs == count)
            return null;
        var owners = host.Where(d => d.Parent == pf || d.Address == pf).Select(d => state.At(d.Address))
            .Where(f => f != null).Select(f => $"{f!.Address} by {f.VmId} (claim {f.ClaimId})").ToList();
        return owners.Count == 0
            ? await Devices.SetVfCount(pf, count, stop)
            : new Refusal("EBUSY",
                $"VFs of {pf} are in use: {string.Join(", ", owners)}. Stop these machines first.");
    }, stop);

    public void Dispose() => gate.Dispose();

    private async Task<string?> Plug(PlugOrder order, AgentState intent, CancellationToken stop)
    {
        Keep(intent);
        foreach (var function in order.Functions)
        {
            if (await Devices.Plug(function, stop) is { } refusal)
                return await TakeBack(order, refusal.Reason, stop);
        }
        Keep(state.With(order.Functions.Select(f => f with { Done = true })));
        return null;
    }

    // The first failure is the one reported. What cannot be taken back stays recorded, for the claim's clean
    // to settle.
    private async Task<string> TakeBack(PlugOrder order, string reason, CancellationToken stop)
    {
        foreach (var function in order.Functions.Reverse())
        {
            if (await Devices.Unplug(function, stop) == null
                && await Devices.Clean(function.Address, stop) == null)
                Keep(state.Without([function.Address]));
            else
                reason += $" {function.Address} could not be taken back, and has to be cleaned.";
        }
        return reason;
    }

    private async Task<string?> Take(PciAddress address, CancellationToken stop)
    {
        if (await Devices.Unplug(state.At(address)!, stop) is { } refusal)
            return refusal.Reason;
        Keep(state.Without([address]));
        return null;
    }

    // What belongs to one life only, epoch and sequence, is not kept over the next.
    private void Keep(AgentState next)
    {
        if (next.Fences != state.Fences || next.Functions != state.Functions)
            file.Save(next with { Epoch = 0, Sequence = 0 });
        state = next;
    }

    private async Task<T> Exclusively<T>(Func<Task<T>> act, CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            return await act();
        }
        finally
        {
            gate.Release();
        }
    }
}

/// <summary>What came of an order on several functions.</summary>
/// <param name="Failures">By address, why not.</param>
public sealed record Outcome(
    IReadOnlyList<PciAddress> Done, IReadOnlyDictionary<PciAddress, string> Failures);
