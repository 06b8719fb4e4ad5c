using Npgsql;
using Platform.EventStore;
using Platform.Support;

namespace Platform.Integration.EventStore;

/// <summary>The tables are Marten's, so that someone with Marten can open the same database.</summary>
public sealed class PostgresSchemaTests(TestServers servers)
{
    private const string Columns = """
        mt_event_progression.last_seq_id bigint
        mt_event_progression.last_updated timestamp with time zone
        mt_event_progression.name character varying not null
        mt_events.data jsonb not null
        mt_events.id uuid not null
        mt_events.is_archived boolean
        mt_events.mt_dotnet_type character varying
        mt_events.seq_id bigint not null
        mt_events.stream_id character varying
        mt_events.tenant_id character varying
        mt_events.timestamp timestamp with time zone not null
        mt_events.type character varying not null
        mt_events.version bigint not null
        mt_streams.created timestamp with time zone not null
        mt_streams.id character varying not null
        mt_streams.is_archived boolean
        mt_streams.snapshot jsonb
        mt_streams.snapshot_version integer
        mt_streams.tenant_id character varying
        mt_streams.timestamp timestamp with time zone not null
        mt_streams.type character varying
        mt_streams.version bigint
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tables_are_laid_out_as_Marten_lays_them_out()
    {
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabase(Stop));
        await new PostgresEventStore(database, new TestOptions().Build()).EnsureSchema(Stop);

        Assert.Equal(Columns.Split('\n'), await Lines(database, """
            select table_name || '.' || column_name || ' ' || data_type
                || case when is_nullable = 'NO' then ' not null' else '' end
            from information_schema.columns
            where table_schema = 'inventory' and table_name like 'mt\_%' and table_name <> 'mt_view'
            """));
        Assert.Equal(
            [
                "pk_mt_event_progression", "pk_mt_events_stream_and_version", "pkey_mt_events_seq_id",
                "pkey_mt_streams_id",
            ],
            await Lines(database, """
                select indexname::text from pg_indexes
                where schemaname = 'inventory' and tablename <> 'mt_view'
                """));
        Assert.Equal(["mt_events_sequence"], await Lines(database, """
            select sequence_name::text from information_schema.sequences where sequence_schema = 'inventory'
            """));
    }

    [Fact]
    public async Task Events_are_named_and_dated_as_Marten_would()
    {
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabase(Stop));
        var store = new PostgresEventStore(database, new TestOptions().Build());
        await store.EnsureSchema(Stop);
        await using var session = store.OpenSession();
        session.StartStream<TestHost>("host-1", [new FunctionAdded("a", Kind.Physical)]);
        await session.SaveChanges(Stop);

        Assert.Equal(
            [
                "host function_added Platform.Integration.EventStore.FunctionAdded, "
                + "Platform.Integration.Tests {\"kind\": \"Physical\", \"address\": \"a\"} *DEFAULT*",
            ],
            await Lines(database, """
                select concat_ws(' ', s.type, e.type, e.mt_dotnet_type, e.data, e.tenant_id)
                from inventory.mt_events as e join inventory.mt_streams as s on s.id = e.stream_id
                where e.timestamp between now() - interval '1 minute' and now()
                    and s.created between now() - interval '1 minute' and now()
                """));
    }

    [Fact]
    public async Task Eight_processes_that_start_at_once_all_find_the_schema()
    {
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabase(Stop));
        var stores = Enumerable.Range(0, 8)
            .Select(_ => new PostgresEventStore(database, new TestOptions().Build())).ToList();

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.EnsureSchema(Stop))));
        await stores[0].EnsureSchema(Stop);

        Assert.Empty(await stores[7].FetchStream("host-1", 0, Stop));
    }

    [Fact]
    public void A_schema_name_that_would_need_quotes_is_refused()
    {
        using var database = NpgsqlDataSource.Create("Host=127.0.0.1");

        var error = Assert.Throws<ArgumentException>(() =>
            new PostgresEventStore(database, new TestOptions().Build(schema: "a; drop table b")));

        Assert.Contains("a; drop table b", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> Lines(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var lines = new List<string>();
        while (await reader.ReadAsync(Stop))
            lines.Add(reader.GetString(0));
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
