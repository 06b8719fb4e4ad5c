using System.Text.Json;

namespace Platform.EventStore;

/// <summary>
/// Stored names and bodies of events. A name is the type's in snake_case, as Marten has it.
/// </summary>
internal sealed class EventTypes
{
    private readonly Dictionary<string, Type> typesByAlias = [];
    private readonly Dictionary<Type, string> aliases = [];
    private readonly JsonSerializerOptions json;

    public EventTypes(EventStoreOptions options)
    {
        json = options.Json;
        foreach (var type in options.Events.Distinct())
        {
            var alias = JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name);
            if (!typesByAlias.TryAdd(alias, type))
                throw new InvalidOperationException(
                    $"{type} and {typesByAlias[alias]} would both be stored as {alias}: rename one of them.");
            aliases.Add(type, alias);
        }
    }

    public StoredBody Write(object happened)
    {
        var type = happened.GetType();
        return aliases.TryGetValue(type, out var alias)
            ? new(
                alias,
                $"{type.FullName}, {type.Assembly.GetName().Name}",
                JsonSerializer.Serialize(happened, type, json))
            : throw new InvalidOperationException(
                $"{type} is not a registered event: add it with AddEvents.");
    }

    public object Read(string alias, string body)
    {
        if (!typesByAlias.TryGetValue(alias, out var type))
            throw new InvalidOperationException(
                $"The log holds events named {alias}, and no registered type has that name: add it with "
                + "AddEvents.");
        return JsonSerializer.Deserialize(body, type, json)
            ?? throw new InvalidOperationException($"An event named {alias} has no body: {body}.");
    }
}

/// <summary>An event as the columns of <c>mt_events</c> hold it.</summary>
internal sealed record StoredBody(string Alias, string DotNetType, string Json);
