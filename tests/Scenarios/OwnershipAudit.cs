using System.Text.Json;
using Npgsql;

namespace Platform.Scenarios.Tests;

/// <summary>
/// Reads the inventory's log as it lies in the database, with no code of the inventory, and follows every
/// function from owner to owner.
/// </summary>
internal static class OwnershipAudit
{
    /// <summary>
    /// Every function held at the end, and by which boot; fails when one ever had two owners.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, Guid>> HeldAtTheEnd(
        string connectionString, CancellationToken stop)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(
            "select stream_id, type, data from inventory.mt_events order by stream_id, version");
        await using var rows = await command.ExecuteReaderAsync(stop);
        var holder = new Dictionary<string, (Guid Claim, Guid Boot)>();
        var claims = new Dictionary<Guid, List<string>>();
        while (await rows.ReadAsync(stop))
        {
            var (host, type) = (rows.GetString(0), rows.GetString(1));
            var data = JsonDocument.Parse(rows.GetString(2)).RootElement;
            if (type == "claim_granted")
                Grant(host, data, holder, claims);
            else if (type is "functions_cleaned" or "function_quarantined")
                Free(host, data, holder);
            else if (type == "claim_released")
                claims.Remove(data.GetProperty("claimId").GetGuid());
        }

        // Released, but not yet cleaned: nobody's any more, and not to be had.
        return holder.Where(held => claims.ContainsKey(held.Value.Claim))
            .ToDictionary(held => held.Key, held => held.Value.Boot);
    }

    private static void Grant(
        string host,
        JsonElement granted,
        Dictionary<string, (Guid Claim, Guid Boot)> holder,
        Dictionary<Guid, List<string>> claims)
    {
        var claim = granted.GetProperty("claimId").GetGuid();
        var functions = granted.GetProperty("picks").EnumerateArray()
            .Select(pick => $"{host} {pick.GetProperty("address").GetString()}").ToList();
        foreach (var function in functions)
            Assert.True(
                holder.TryAdd(function, (claim, granted.GetProperty("bootId").GetGuid())),
                $"{function} was given to claim {claim} while {holder.GetValueOrDefault(function)} had it.");
        Assert.True(claims.TryAdd(claim, functions), $"Claim {claim} was granted twice.");
    }

    private static void Free(
        string host, JsonElement freed, Dictionary<string, (Guid Claim, Guid Boot)> holder)
    {
        var claim = freed.GetProperty("claimId").GetGuid();
        var addresses = freed.TryGetProperty("addresses", out var many)
            ? many.EnumerateArray().Select(address => address.GetString())
            : [freed.GetProperty("address").GetString()];
        foreach (var function in addresses.Select(address => $"{host} {address}"))
            Assert.True(
                holder.Remove(function, out var held) && held.Claim == claim,
                $"{function} was freed for claim {claim}, which did not have it.");
    }
}
