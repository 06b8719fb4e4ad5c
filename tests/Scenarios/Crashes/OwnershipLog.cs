using System.Text.Json;
using Npgsql;

namespace Platform.Scenarios.Tests;

/// <summary>
/// Who owned what, event by event: the inventory's log read by somebody who shares no code with it. Only an
/// owner's release and a cleaning after it make room for another.
/// </summary>
internal sealed class OwnershipLog
{
    private readonly Dictionary<(string HostId, string Address), Owner> taken = [];
    private readonly Dictionary<Guid, (string VmId, List<string> Addresses)> claims = [];
    private readonly HashSet<Guid> over = [];
    private readonly List<string> wrong = [];

    /// <summary>What must never have been.</summary>
    public IReadOnlyList<string> Wrong => wrong;

    /// <summary>What is not free at the log's end.</summary>
    public IReadOnlyList<string> Held =>
    [
        .. taken.Select(function => $"{function.Key.HostId} {function.Key.Address} "
            + (function.Value.Released ? "cleaning " : "held ") + function.Value.VmId),
    ];

    public int Grants { get; private set; }

    public static async Task<OwnershipLog> Read(NpgsqlDataSource database, CancellationToken stop)
    {
        var log = new OwnershipLog();
        await using var command = database.CreateCommand(
            "select stream_id, version, type, data::text from inventory.mt_events "
            + "order by stream_id, version");
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
        {
            using var body = JsonDocument.Parse(rows.GetString(3));
            log.Take(rows.GetString(0), rows.GetInt64(1), rows.GetString(2), body.RootElement);
        }

        return log;
    }

    private void Take(string hostId, long version, string type, JsonElement happened)
    {
        var at = $"{hostId}, version {version}";
        if (type == "claim_granted")
            Grant(hostId, at, happened);
        else if (type == "claim_released")
            Release(hostId, IdOf(happened));
        else if (type == "functions_cleaned")
            foreach (var address in happened.GetProperty("addresses").EnumerateArray())
                Free(hostId, at, IdOf(happened), address.GetString()!);
    }

    private void Grant(string hostId, string at, JsonElement happened)
    {
        var (claimId, vmId) = (IdOf(happened), happened.GetProperty("vmId").GetString()!);
        var addresses = happened.GetProperty("picks").EnumerateArray()
            .Select(pick => pick.GetProperty("address").GetString()!).ToList();
        Grants++;
        if (over.Contains(claimId) || !claims.TryAdd(claimId, (vmId, addresses)))
            wrong.Add($"{at}: claim {claimId} of {vmId} was granted again, or after its end.");
        foreach (var address in addresses)
            if (!taken.TryAdd((hostId, address), new(claimId, vmId, Released: false)))
                wrong.Add($"{at}: {address} was given to {vmId} while {taken[(hostId, address)]} had it.");
    }

    private void Release(string hostId, Guid claimId)
    {
        over.Add(claimId);
        if (!claims.TryGetValue(claimId, out var claim))
            return;
        foreach (var address in claim.Addresses)
            if (taken.TryGetValue((hostId, address), out var owner) && owner.ClaimId == claimId)
                taken[(hostId, address)] = owner with { Released = true };
    }

    private void Free(string hostId, string at, Guid claimId, string address)
    {
        var owner = taken.GetValueOrDefault((hostId, address));
        if (owner is not { Released: true } || owner.ClaimId != claimId)
            wrong.Add($"{at}: {address} was freed of claim {claimId}, and {owner} had it.");
        taken.Remove((hostId, address));
    }

    private static Guid IdOf(JsonElement happened) => happened.GetProperty("claimId").GetGuid();

    /// <param name="Released">It owns no more, and nobody may before the cleaning.</param>
    private sealed record Owner(Guid ClaimId, string VmId, bool Released);
}
