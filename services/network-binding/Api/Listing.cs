using System.Globalization;
using System.Text.Json.Nodes;
using Platform.NetworkBinding.Domain;

namespace Platform.NetworkBinding.Api;

/// <summary>
/// What a query asks of a list: filters by attribute, <c>fields</c>, <c>limit</c> and <c>marker</c>.
/// </summary>
internal static class Listing
{
    private static readonly string[] Words = ["fields", "limit", "marker"];

    /// <summary>An item with the asked fields only; all of them when none is asked.</summary>
    public static JsonObject Fields(JsonObject item, IQueryCollection query)
    {
        var asked = query["fields"];
        return asked.Count == 0
            ? item
            : [
                .. item.Where(a => asked.Contains(a.Key))
                    .Select(a => KeyValuePair.Create(a.Key, a.Value?.DeepClone())),
            ];
    }

    /// <param name="sample">Any item: its attributes are those that can be filtered by.</param>
    public static IResult Answer(
        string name, IEnumerable<JsonObject> items, JsonObject sample, HttpRequest request)
    {
        var filters = request.Query.Where(q => !Words.Contains(q.Key)).ToList();
        var unknown = filters.Where(f => !sample.ContainsKey(f.Key)).Select(f => $"'{f.Key}'").ToList();
        if (unknown.Count > 0)
            return NeutronAnswer.Error(Refusal.BadRequest(
                $"[{string.Join(", ", unknown)}] is invalid attribute for filtering"));

        var found = items.Where(item => filters.All(f => f.Value.Contains(Text(item[f.Key])))).ToList();
        var page = Page(found, request.Query, out var isMore);
        var answer = new JsonObject
        {
            [name] = new JsonArray([.. page.Select(item => Fields(item, request.Query))]),
        };
        if (isMore)
            answer[$"{name}_links"] = new JsonArray(Next(page[^1], request));
        return Results.Json(answer);
    }

    private static List<JsonObject> Page(List<JsonObject> found, IQueryCollection query, out bool isMore)
    {
        var marker = query["marker"].FirstOrDefault();
        var after = marker == null ? 0 : found.FindIndex(item => Text(item["id"]) == marker) + 1;
        _ = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var limit);
        var page = found.Skip(after).Take(limit > 0 ? limit : int.MaxValue).ToList();
        isMore = page.Count > 0 && after + page.Count < found.Count;
        return page;
    }

    private static JsonObject Next(JsonObject last, HttpRequest request)
    {
        var query = request.Query.Where(q => q.Key != "marker")
            .SelectMany(q => q.Value.Select(v => $"{q.Key}={Uri.EscapeDataString(v ?? "")}"))
            .Append($"marker={Text(last["id"])}");
        return new()
        {
            ["rel"] = "next",
            ["href"] = $"{request.Scheme}://{request.Host}{request.Path}?{string.Join('&', query)}",
        };
    }

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
