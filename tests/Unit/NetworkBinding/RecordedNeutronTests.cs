using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Platform.NetworkBinding;

namespace Platform.Unit.Tests.NetworkBinding;

/// <summary>
/// Calls recorded from a Neutron, made again in their order to our API: the same status, the same errors, the
/// same fields with the same values. What is each server's own is left out: ids, times, revisions, addresses,
/// projects.
/// </summary>
public class RecordedNeutronTests
{
    private static readonly string[] OwnOfEachServer =
    [
        "id", "network_id", "created_at", "updated_at", "revision_number", "tenant_id", "project_id",
        "mac_address",
    ];

    // A revision, or a list of ids in no order, is in their text.
    private static readonly string[] ErrorsWithOwnText = ["RevisionNumberConstraintFailed", "NetworkInUse"];

    // Made for what it changes; its answer depends on which hosts the recorded server knew.
    private const string NotCompared = "bind-failed-agent-back-any-put";

    // We have no subnets, addresses or security groups: the field is there, and empty.
    private static readonly string[] EmptyWithUs = ["subnets", "fixed_ips", "security_groups"];

    private static readonly string Folder = Path.Combine(
        typeof(RecordedNeutronTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "RepositoryRoot").Value!,
        "tests/Unit/NetworkBinding/Recorded");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Our_API_answers_as_the_recorded_Neutron_did()
    {
        await using var service = await ServiceProbe.Start(NetworkBindingService.Module, [
            "--NetworkBinding:PhysicalNetworks:0=physnet1", "--NetworkBinding:PhysicalNetworks:1=physnet2",
        ]);
        var ours = new Dictionary<string, string>();
        var failures = new List<string>();

        foreach (var file in Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal))
        {
            var call = JsonNode.Parse(await File.ReadAllTextAsync(file, Stop))!.AsObject();
            var (status, body) = await Repeat(service.Http, call, ours);

            Learn(call["response"]!["body"], body, ours);
            if (Difference(call, status, body, ours) is { } difference)
                failures.Add($"{call["name"]}: {difference}");
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
    }

    private static async Task<(int Status, JsonNode? Body)> Repeat(
        HttpClient http, JsonObject call, Dictionary<string, string> ours)
    {
        var recorded = call["request"]!;
        using var request = new HttpRequestMessage(
            new((string)recorded["method"]!), Ours((string)recorded["path"]!, ours));
        var body = recorded["body"] is JsonValue raw ? (string)raw! : recorded["body"]?.ToJsonString();
        if (body != null)
            request.Content = new StringContent(Ours(body, ours), Encoding.UTF8);
        foreach (var (name, value) in recorded["headers"]!.AsObject().Where(h => h.Key == "If-Match"))
            request.Headers.TryAddWithoutValidation(name, Ours((string)value!, ours));

        using var response = await http.SendAsync(request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    // Their id, MAC address or revision stands for ours from then on.
    private static void Learn(JsonNode? theirs, JsonNode? made, Dictionary<string, string> ours)
    {
        foreach (var kind in new[] { "network", "port" })
        {
            if ((theirs as JsonObject)?[kind] is not JsonObject known || made?[kind] is not JsonObject own)
                continue;
            ours[$"revision_number={known["revision_number"]}"] = $"revision_number={own["revision_number"]}";
            foreach (var field in new[] { "id", "mac_address" })
            {
                if (known[field] is { } theirValue && own[field] is { } ourValue)
                    ours[(string)theirValue!] = (string)ourValue!;
            }
        }
    }

    private static string? Difference(
        JsonObject call, int status, JsonNode? body, Dictionary<string, string> ours)
    {
        if ((string)call["name"]! == NotCompared)
            return null;
        var recorded = call["response"]!;
        if ((int)recorded["status"]! != status)
            return $"{status} instead of {recorded["status"]}: {body?.ToJsonString()}";
        if (recorded["body"] is not JsonObject expected)
            return body == null ? null : $"a body where none was: {body.ToJsonString()}";
        if (ErrorsWithOwnText.Contains((string?)expected["NeutronError"]?["type"]))
            expected["NeutronError"]!["message"] = body!["NeutronError"]!["message"]!.DeepClone();
        return DifferentField("", JsonNode.Parse(Ours(expected.ToJsonString(), ours))!, body);
    }

    private static string? DifferentField(string path, JsonNode expected, JsonNode? actual)
    {
        if (expected is not JsonObject fields || actual is not JsonObject others)
            return JsonNode.DeepEquals(expected, actual)
                ? null
                : $"{path} is {actual?.ToJsonString() ?? "null"} instead of {expected.ToJsonString()}";
        var names = fields.Select(f => f.Key).Order().ToList();
        if (!names.SequenceEqual(others.Select(f => f.Key).Order()))
            return $"{path} has {string.Join(' ', others.Select(f => f.Key).Order())} instead of "
                + string.Join(' ', names);
        return names.Where(name => !OwnOfEachServer.Contains(name) && !EmptyWithUs.Contains(name))
            .Select(name => fields[name] is { } value
                ? DifferentField($"{path}/{name}", value, others[name])
                : others[name] == null ? null : $"{path}/{name} is not null")
            .FirstOrDefault(difference => difference != null);
    }

    private static string Ours(string text, Dictionary<string, string> ours) =>
        ours.Aggregate(text, (done, pair) => done.Replace(pair.Key, pair.Value, StringComparison.Ordinal));
}
