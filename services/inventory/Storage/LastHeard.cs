using System.Collections.Concurrent;
using Npgsql;

namespace Platform.Inventory.Storage;

/// <summary>When each host's agent was last heard, in the store's time.</summary>
public interface ILastHeard
{
    Task Note(string hostId, CancellationToken stop);

    Task<IReadOnlyDictionary<string, DateTimeOffset>> All(CancellationToken stop);
}

/// <summary>A row a host, so that every replica hears what one has heard.</summary>
public sealed class DatabaseLastHeard(NpgsqlDataSource database) : ILastHeard, IDisposable
{
    private static readonly string CreateTable = Sql("host_heard.sql");
    private static readonly string NoteHeard = Sql("note_heard.sql");
    private static readonly string LoadHeard = Sql("load_heard.sql");

    private readonly SemaphoreSlim creating = new(1);
    private volatile bool created;

    public async Task Note(string hostId, CancellationToken stop)
    {
        await Create(stop);
        await using var command = database.CreateCommand(NoteHeard);
        command.Parameters.Add(new() { Value = hostId });
        await command.ExecuteNonQueryAsync(stop);
    }

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> All(CancellationToken stop)
    {
        await Create(stop);
        await using var command = database.CreateCommand(LoadHeard);
        await using var rows = await command.ExecuteReaderAsync(stop);
        var heard = new Dictionary<string, DateTimeOffset>();
        while (await rows.ReadAsync(stop))
            heard[rows.GetString(0)] = rows.GetFieldValue<DateTimeOffset>(1);
        return heard;
    }

    public void Dispose() => creating.Dispose();

    // At the first use, and again at the next one when it failed: the database may be away while the service
    // starts.
    private async Task Create(CancellationToken stop)
    {
        if (created)
            return;
        await creating.WaitAsync(stop);
        try
        {
            if (created)
                return;
            await using var connection = await database.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await using var command = new NpgsqlCommand(CreateTable, connection, transaction);
            await command.ExecuteNonQueryAsync(stop);
            await transaction.CommitAsync(stop);
            created = true;
        }
        finally
        {
            creating.Release();
        }
    }

    private static string Sql(string name)
    {
        using var stream = typeof(DatabaseLastHeard).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded: add it to Storage/Sql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>The embedded mode's, gone with the process.</summary>
public sealed class MemoryLastHeard(TimeProvider time) : ILastHeard
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> heard = new();

    public Task Note(string hostId, CancellationToken stop)
    {
        heard[hostId] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> All(CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<string, DateTimeOffset>>(heard);
}
