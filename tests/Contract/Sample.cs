using System.Collections;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;

namespace Platform.Contract.Tests;

/// <summary>
/// An instance of a message with every field set, the same on every machine and on every day.
/// </summary>
internal static class Sample
{
    /// <summary>As the bus writes and reads.</summary>
    public static readonly JsonSerializerOptions Wire =
        new(SystemTextJsonMessageSerializer.Options) { WriteIndented = true };

    private const string Tag = "physical_network";
    private const string ExtraSpec = "pci_passthrough:alias";

    private static readonly string[] AddressKeyed = ["Fences", "FreeByPf"];

    private static readonly DateTimeOffset Moment = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static object Of(Type record) => Make(record, record.Name);

    public static string Json(Type record) => JsonSerializer.Serialize(Of(record), record, Wire) + "\n";

    /// <summary>The sample with a field that nobody knows yet, in every object of it.</summary>
    public static JsonNode FromTheFuture(string json)
    {
        var root = JsonNode.Parse(json)!;
        foreach (var part in Objects(root).ToList())
            part["addedLater"] = new JsonObject { ["by"] = "a newer peer" };
        return root;
    }

    private static object Make(Type type, string name) =>
        MakeValue(Nullable.GetUnderlyingType(type) ?? type, name);

    private static object MakeValue(Type type, string name) => type switch
    {
        _ when type == typeof(string) => Text(name),
        _ when type == typeof(Guid) => Id(name),
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => 2,
        _ when type == typeof(long) => 7L,
        _ when type == typeof(DateTimeOffset) => Moment,
        _ when type.IsEnum => Enum.GetValues(type).GetValue(0)!,
        _ when type.IsGenericType => Collection(type, name),
        _ => Record(type),
    };

    private static object Record(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(made => made.GetParameters().Length)!;
        return constructor.Invoke(
            [.. constructor.GetParameters().Select(part => Make(part.ParameterType, part.Name!))]);
    }

    private static object Collection(Type type, string name)
    {
        var parts = type.GetGenericArguments();
        if (parts is [var key, var value])
        {
            var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(parts))!;
            if (name == "ExtraSpecs")
                map[ExtraSpec] = "gpu:1";
            else
                map[Make(key, AddressKeyed.Contains(name) ? "address" : Tag)] = Make(value, "physnet1");
            return map;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(parts))!;
        list.Add(Make(parts[0], name));
        return list;
    }

    private static string Text(string name) => name.ToUpperInvariant() switch
    {
        "HOSTID" => "host-1",
        "ADDRESS" or "ADDRESSES" => "0000:3b:02.1",
        "PARENTADDRESS" => "0000:3b:00.0",
        "MACADDRESS" or "PFMACADDRESS" => "52:54:00:12:34:56",
        "VENDORID" => "8086",
        "PRODUCTID" => "154c",
        "DEVICETYPE" => "type-VF",
        "VNICTYPE" => "direct",
        "PIN" => "0000:3b:02.1",
        "POLICY" or "HOSTS" => "spread",
        "BY" => "pf",
        "NUMAPOLICY" => "required",
        "ALIAS" => "gpu",
        _ => name,
    };

    private static Guid Id(string name) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        // A map's keys are data: a new one would be an entry, not an unknown field.
        JsonObject map when map.ContainsKey(Tag) || map.ContainsKey(ExtraSpec)
            || map.ContainsKey(Text("address")) => [],
        JsonObject one => [one, .. one.Select(field => field.Value).SelectMany(Objects)],
        JsonArray many => many.SelectMany(Objects),
        _ => [],
    };
}
