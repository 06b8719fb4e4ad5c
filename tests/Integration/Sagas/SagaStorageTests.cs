using Npgsql;
using Platform.ServiceDefaults.Sagas;
using Platform.Support;

namespace Platform.Integration.Sagas;

/// <summary>The contract of <see cref="ISagaStorage"/>, for both of its makers.</summary>
[Trait("invariant", "2")]
public abstract class SagaStorageTests
{
    private const string Kind = "Journey";
    private static readonly DueChange Never = new(Keep: false, After: null);
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(-1);

    private readonly SagaKey saga = new(Kind, Guid.NewGuid());

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_that_was_not_read_is_refused_and_nothing_is_written()
    {
        var storage = await Create();
        await Write(storage, saga, new(0, """{"legs":1}""", Never));

        Assert.False(await TryWrite(storage, saga, new(0, """{"legs":2}""", Never), [Message()]));
        Assert.False(await TryWrite(storage, saga, new(2, """{"legs":3}""", Never), [Message()]));

        Assert.Equal(1, (await storage.Load(saga, Stop))?.Version);
        Assert.Empty(await storage.TakeOwed(Now, 10, Stop));
        Assert.Equal(1, await storage.ForgetConsumed(Now, 10, Stop));
    }

    [Fact]
    public async Task A_message_is_consumed_once_by_each_of_its_consumers()
    {
        var storage = await Create();
        var (first, second) = (Key(), Key());
        second = second with { MessageId = first.MessageId };
        var sent = Message();

        await using (var transaction = await storage.Begin(first, saga, Stop))
            Assert.True(await transaction.Commit(null, [sent], Stop));

        await using (var again = await storage.Begin(first, saga, Stop))
        {
            Assert.True(again.IsConsumed);
            Assert.Equal([sent], again.Owed);
        }
        await using (var theirs = await storage.Begin(second, saga, Stop))
            Assert.False(theirs.IsConsumed);
        await storage.MarkDelivered([first], Stop);
        await using (var delivered = await storage.Begin(first, saga, Stop))
        {
            Assert.True(delivered.IsConsumed);
            Assert.Empty(delivered.Owed);
        }
    }

    [Fact, Trait("feature", "B33")]
    public async Task What_would_be_held_beyond_the_limit_is_refused_with_all_else()
    {
        var storage = await Create();
        var other = new SagaKey(Kind, Guid.NewGuid());
        await Write(storage, saga, new(0, "{}", Never, new("project", 3, 4)));

        Assert.False(await TryWrite(storage, other, new(0, "{}", Never, new("project", 2, 4)), [Message()]));
        Assert.Null(await storage.Load(other, Stop));
        Assert.Empty(await storage.TakeOwed(Now, 10, Stop));
        Assert.Equal(3, await storage.Held("project", Stop));

        await Write(storage, other, new(0, "{}", Never, new("project", 1, 4)));
        await Write(storage, saga, new(1, "{}", Never, new("project", -3, 4)));
        Assert.Equal(1, await storage.Held("project", Stop));
        Assert.Equal(0, await storage.Held("another", Stop));
        Assert.False(await TryWrite(storage, saga, new(2, "{}", Never, new("another", 1, 0)), []));
    }

    [Fact]
    public async Task What_was_not_committed_leaves_no_trace()
    {
        var storage = await Create();
        var message = Key();

        await (await storage.Begin(message, saga, Stop)).DisposeAsync();

        await using var again = await storage.Begin(message, saga, Stop);
        Assert.False(again.IsConsumed);
        Assert.Null(again.Saga);
    }

    [Fact]
    public async Task A_saga_is_given_to_one_message_at_a_time()
    {
        var storage = await Create();
        await Write(storage, saga, new(0, """{"legs":1}""", Never));
        var first = await storage.Begin(Key(), saga, Stop);

        var second = storage.Begin(Key(), saga, Stop);
        await using (await storage.Begin(Key(), new(Kind, Guid.NewGuid()), Stop))
            Assert.False(second.IsCompleted);
        Assert.True(await first.Commit(new(1, """{"legs":2}""", Never), [], Stop));
        await first.DisposeAsync();

        await using var moved = await second;
        Assert.Equal(2, moved.Saga?.Version);
    }

    [Fact]
    public async Task A_consumed_message_that_owes_something_is_not_forgotten()
    {
        var storage = await Create();
        var message = Key();
        await using (var transaction = await storage.Begin(message, saga, Stop))
            await transaction.Commit(null, [Message(), Message()], Stop);

        Assert.Equal(0, await storage.ForgetConsumed(Now, 10, Stop));
        Assert.Equal(2, (await storage.TakeOwed(Now, 1, Stop)).Count);
        await storage.MarkDelivered([message], Stop);

        Assert.Equal(0, await storage.ForgetConsumed(TimeSpan.FromHours(1), 10, Stop));
        Assert.Equal(1, await storage.ForgetConsumed(Now, 10, Stop));
    }

    [Fact, Trait("invariant", "4")]
    public async Task Replicas_share_the_deadlines_that_have_passed()
    {
        var storage = await Create();
        var sagas = Enumerable.Range(0, 60).Select(_ => new SagaKey(Kind, Guid.NewGuid())).ToList();
        foreach (var key in sagas)
            await Write(storage, key, new(0, "{}", new(Keep: false, After: Now)));

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TakeAll(storage))));

        Assert.Equal(sagas.Select(s => s.CorrelationId).Order(), taken.SelectMany(t => t).Order());
    }

    [Fact, Trait("invariant", "4")]
    public async Task A_deadline_is_the_last_one_that_was_set()
    {
        var storage = await Create();
        var (later, hour) = (new DueChange(Keep: false, TimeSpan.FromHours(1)), TimeSpan.FromHours(1));
        var passed = new DueChange(Keep: false, Now);

        await Write(storage, saga, new(0, "{}", passed));
        await Write(storage, saga, new(1, "{}", later));
        Assert.Empty(await storage.TakeDue(Kind, hour, 10, Stop));
        await Write(storage, saga, new(2, "{}", passed));
        await Write(storage, saga, new(3, "{}", new(Keep: true, After: null)));
        Assert.Equal(4, Assert.Single(await storage.TakeDue(Kind, hour, 10, Stop)).Version);
        Assert.Empty(await storage.TakeDue(Kind, hour, 10, Stop));
        await Write(storage, saga, new(4, "{}", passed));
        await Write(storage, saga, new(5, "{}", Never));
        Assert.Empty(await storage.TakeDue(Kind, hour, 10, Stop));
        await Write(storage, saga, new(6, "{}", passed));
        Assert.Single(await storage.TakeDue(Kind, hour, 10, Stop));
    }

    protected abstract Task<ISagaStorage> Create();

    private static InboxKey Key() => new(Guid.NewGuid(), Guid.NewGuid());

    private static OutboxMessage Message() => new()
    {
        MessageId = Guid.NewGuid(),
        DestinationAddress = new Uri("loopback://localhost/somewhere"),
        ContentType = "application/json",
        MessageType = "urn:message:Something",
        Body = """{"text":"\"quoted\" and é"}""",
        Headers = """{"x":"y"}""",
        ExpirationTime = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
    };

    private static async Task Write(ISagaStorage storage, SagaKey saga, SagaChange change) =>
        Assert.True(await TryWrite(storage, saga, change, []));

    private static async Task<bool> TryWrite(
        ISagaStorage storage, SagaKey saga, SagaChange change, IReadOnlyList<OutboxMessage> sent)
    {
        await using var transaction = await storage.Begin(Key(), saga, Stop);
        return await transaction.Commit(change, sent, Stop);
    }

    private static async Task<List<Guid>> TakeAll(ISagaStorage storage)
    {
        var all = new List<Guid>();
        while (await storage.TakeDue(Kind, TimeSpan.FromHours(1), 7, Stop) is { Count: > 0 } taken)
            all.AddRange(taken.Select(saga => saga.CorrelationId));
        return all;
    }
}

public sealed class InMemorySagaStorageTests : SagaStorageTests
{
    protected override Task<ISagaStorage> Create() =>
        Task.FromResult<ISagaStorage>(new InMemorySagaStorage(TimeProvider.System));
}

public sealed class NpgsqlSagaStorageTests(TestServers servers) : SagaStorageTests, IAsyncDisposable
{
    private NpgsqlDataSource? database;

    [Fact]
    public async Task Tables_are_made_by_many_at_once_and_again()
    {
        var storage = (NpgsqlSagaStorage)await Create();
        var other = new NpgsqlSagaStorage(database!, "other");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => other.CreateTables(Stop)));
        await storage.CreateTables(Stop);

        Assert.Null(await other.Load(new("Journey", Guid.NewGuid()), Stop));
    }

    [Fact]
    public void A_schema_name_that_needs_quoting_is_refused() =>
        Assert.Throws<ArgumentException>(() => new NpgsqlSagaStorage(null!, "x; drop schema public"));

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
    }

    protected override async Task<ISagaStorage> Create()
    {
        database = NpgsqlDataSource.Create(await servers.CreateDatabase(Stop));
        var storage = new NpgsqlSagaStorage(database, "journeys");
        await storage.CreateTables(Stop);
        return storage;
    }
}
