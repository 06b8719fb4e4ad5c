using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Platform.EventStore;

/// <summary>The statements of <c>Sql/</c>, for one schema.</summary>
internal sealed partial class Sql
{
    private readonly Dictionary<string, string> statements;

    public Sql(string schema)
    {
        if (!PlainName().IsMatch(schema))
            throw new ArgumentException(
                $"The schema name '{schema}' must be lower-case letters, digits and underscores.",
                nameof(schema));
        statements = typeof(Sql).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .ToDictionary(
                name => name[..^".sql".Length],
                name => WithoutComments(Read(name)).Replace("{schema}", schema));
    }

    public string this[string name] => statements[name];

    public NpgsqlBatchCommand BatchCommand(string name, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(this[name]);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public NpgsqlCommand Command(
        NpgsqlDataSource database, string name, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = database.CreateCommand(this[name]);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public NpgsqlCommand Command(
        NpgsqlConnection connection, string name, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(this[name], connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    public static NpgsqlParameter Json(string? value) => Nullable(value, NpgsqlDbType.Jsonb);

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(Sql).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    // They are for readers of the file; the server would parse them each time.
    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Where(
            line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)));

    [GeneratedRegex("^[a-z_][a-z0-9_]*$")]
    private static partial Regex PlainName();
}
