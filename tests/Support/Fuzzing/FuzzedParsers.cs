using System.Text.Json;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;
using Platform.Pci.Requests;
using static Platform.Support.Fuzzing.FuzzedParser;

namespace Platform.Support.Fuzzing;

/// <summary>All that people write of PCI devices: specs, the regexes in them, aliases, addresses.</summary>
public static class FuzzedParsers
{
    private const string PfAddress = "0000:0a:00.0";

    private static readonly HostFacts Facts = new(
        new Dictionary<PciAddress, PfIds> { [PciAddress.Parse(PfAddress)] = new("8086", "1528", "1515") },
        new Dictionary<string, PciAddress> { ["eth0"] = PciAddress.Parse(PfAddress) });

    private static readonly string[] Specs =
    [
        "{}", "[]", """[{"vendor_id": "8086", "product_id": "*"}, {"address": "*:0a:00.*"}]""",
        """{"vendor_id": "0x8086", "address": "0000:0a:10.1", "physical_network": null}""",
        """{"devname": "eth0", "product_id": "1515", "remote_managed": "true", "trusted": true}""",
        """{"address": {"domain": ".*", "bus": "0[a-f]{1,2}", "slot": "(?i)1|(?!0)", "function": "2+"}}""",
        """{"address": {"bus": "(?P<a>0)(?P=a)?", "slot": "(?:\\x30|\\d)*?$"}, "tag": "x"}""",
    ];

    private static readonly string[] RegexParts =
    [
        "0", "a", "f", "[0-9a-f]", "[^a]", "[", "]", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?>",
        "(?P<g>", "(?P=g)", "(?(1)", "(?i)", "(?i:", "|", ".", "^", "$", "*", "+", "?", "{2}", "{,3}",
        "{9999}", "{",
        "\\d", "\\Z", "\\1", "\\12", "\\07", "\\x3", "\\u0030", "\\b", "\\", "-", "#", " ",
    ];

    private static readonly string[] Definitions =
    [
        """{"name": "a1", "vendor_id": "8086", "product_id": "154d", "device_type": "type-PF"}""",
        """{"name": " b1 ", "numa_policy": "socket", "capability_type": "pci"}""",
    ];

    private static readonly string[] Addresses =
        ["0000:0a:00.1", "ffff:ff:1f.7", "0:A:0.1", "10000:0a:00.0", "*:0a:00.*", "00.1", ""];

    /// <summary>The device's address, and the options of a device spec.</summary>
    public static readonly FuzzedParser DeviceSpec = new(
        "device spec",
        random =>
        [
            Changed(random, Addresses),
            .. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Changed(random, Specs)),
        ],
        [
            .. Grow("", "0", ""), .. Grow("", "[", ""), .. Grow("[", "{},", "{}]"),
            .. Grow("[", """{"address": "*:0a:00.*"},""", "{}]"), .. Grow("{\"address\": \"", "0", "\"}"),
            .. Grow("{\"address\": \"", ":", "\"}"), .. Grow("{\"vendor_id\": \"", "0", "\"}"),
            .. Grow("{\"address\": {\"bus\": \"", "(", "\"}}"), .. Grow("{\"tag\": \"", "\\u0030", "\"}"),
        ],
        texts => Refusable(() =>
        {
            var specs = DeviceSpecList.Parse(texts[1..], Facts);
            var match = specs.Match(
                new(texts[0], "8086", "1515", PfAddress), Facts, out var refusal);
            Expect(match is null || refusal is null, "A device is matched and refused.");
            _ = specs.Specs.Sum(spec => JsonSerializer.Serialize(spec.Tags).Length);
        }));

    /// <summary>A regex of any form, in the address of a device spec.</summary>
    public static readonly FuzzedParser Regex = new(
        "regex of a spec",
        random => [string.Concat(random.GetItems(RegexParts, random.Next(1, 12)))],
        [
            length => [Grown(length, "", "a", "")], length => [Grown(length, "", "(", "")],
            length => [Grown(length, "", "[0-9]?", "")], length => [Grown(length, "", "0|", "0")],
        ],
        texts => Refusable(() =>
        {
            var entry = JsonSerializer.Serialize(new { address = new { domain = texts[0] } });
            DeviceSpecList.Parse([entry], Facts).Match(
                new(PfAddress, "8086", "1528"), Facts, out var refusal);
            Expect(
                refusal is null or { Kind: SpecRefusalKind.WrongAddressFormat },
                $"A device is refused by {refusal}");
        }));

    /// <summary>What a flavor asks, its NUMA policy, and the definitions of aliases.</summary>
    public static readonly FuzzedParser Alias = new(
        "alias",
        random =>
        [
            Changed(random, ["a1:2,b1:1", "a1:0", " b1 : 3 "]),
            Changed(random, ["", "required"]),
            .. random.Next(2) == 0
                ? [Changed(random, Definitions), Changed(random, Definitions)]
                : Definitions,
        ],
        [
            length => [Grown(length, "", "a1:1,", "a1:1"), "", .. Definitions],
            length => [Grown(length, "", ",", ""), "", .. Definitions],
            length => [Grown(length, "a1:", "0", "1"), "", .. Definitions],
            length => ["a1:1", Grown(length, "", "x", ""), .. Definitions],
            length => ["a1:1", "", Grown(length, "", "[", "")],
            length => ["a1:1", "", Grown(length, "{\"name\": \"", "a", "\"}")],
        ],
        texts => Refusable(() =>
        {
            var requests = AliasTable.Parse(texts[2..]).Requests(texts[0], texts[1]);
            Expect(requests.All(request => request.Count >= 0), "Fewer than no functions are asked.");
        }));

    /// <summary>An address in full, and as reported.</summary>
    public static readonly FuzzedParser Address = new(
        "address",
        random => [Changed(random, Addresses)],
        [length => [Grown(length, "", "0", "")], length => [Grown(length, "", ":", "")]],
        texts =>
        {
            var strict = PciAddress.TryParse(texts[0], out var address, out var reason);
            var reported = ReportedAddress.Read(texts[0], out var refusal);
            Expect(strict == reason is null, "An address is none, and nothing says why.");
            Expect(reported is null == refusal is not null, "A report is refused, and nothing says why.");
            Expect(!strict || reported == address, "An address in full is another one as reported.");
            if (refusal is not null)
                ExpectClear(refusal.ToString());
        });

    public static readonly IReadOnlyList<FuzzedParser> All = [DeviceSpec, Regex, Alias, Address];

    private static IEnumerable<Func<int, string[]>> Grow(string before, string part, string after) =>
        [length => [PfAddress, Grown(length, before, part, after)]];

    private static void Refusable(Action read)
    {
        try
        {
            read();
        }
        catch (Exception refused) when (refused is SpecRefusedException or RequestRefusedException)
        {
            Expect(refused is not SpecRefusedException { Refusal.Entry: < 1 }, "No entry is refused.");
            ExpectClear(refused.Message);
        }
    }
}
