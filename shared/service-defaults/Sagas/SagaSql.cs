namespace Platform.ServiceDefaults.Sagas;

/// <summary>The statements of <see cref="NpgsqlSagaStorage"/>, written for one schema.</summary>
internal sealed class SagaSql(string schema)
{
    public readonly IReadOnlyList<string> Tables =
    [
        Read("0001_inbox.sql", schema), Read("0002_outbox.sql", schema), Read("0003_saga.sql", schema),
        Read("0004_hold.sql", schema),
    ];

    public readonly string ReadSaga = Read("read_saga.sql", schema);
    public readonly string Consume = Read("consume.sql", schema);
    public readonly string InsertSaga = Read("insert_saga.sql", schema);
    public readonly string UpdateSaga = Read("update_saga.sql", schema);
    public readonly string UpdateHold = Read("update_hold.sql", schema);
    public readonly string ReadHold = Read("read_hold.sql", schema);
    public readonly string DeleteOutbox = Read("delete_outbox.sql", schema);
    public readonly string TakeOwed = Read("take_owed.sql", schema);
    public readonly string SettleDue = Read("settle_due.sql", schema);
    public readonly string TakeDue = Read("take_due.sql", schema);
    public readonly string DeleteInbox = Read("delete_inbox.sql", schema);
    public readonly string LoadSaga = Read("load_saga.sql", schema);
    public readonly string ListSagas = Read("list_sagas.sql", schema);

    private static string Read(string name, string schema)
    {
        using var stream = typeof(SagaSql).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException(
                $"{name} is not embedded: add it to Sagas/Sql, and to the project as an EmbeddedResource.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("{schema}", schema, StringComparison.Ordinal);
    }
}
