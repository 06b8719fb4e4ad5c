using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Platform.Pci;
using Platform.Pci.DeviceSpecs;
using Platform.Pci.Requests;
using Platform.Unit.Tests.Pci.DeviceSpecs;

namespace Platform.Unit.Tests.Pci;

/// <summary>Whatever is written: an answer, or a refusal that says what and why. Never another exception.
/// </summary>
public class ParserFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly string[] Marks =
    [
        "*", ".", ":", "0", "a", "F", "-", "+", "_", "x", "0x", " ", "\t", "\0", "\n", "\"", "\\", "{", "}",
        "[", "]", ",", "(", ")", "(?", "|", "\u0661", "\ud800", "\udc00", "\\ud800", "\ufeff", "1e999", "NaN",
        "null", "true", "99999999999999999999",
    ];

    private static readonly string[] Specs =
    [
        "{}", "[]", """[{"vendor_id": "8086", "product_id": "*"}, {"address": "*:0a:00.*"}]""",
        """{"vendor_id": "0x8086", "address": "0000:0a:10.1", "physical_network": null}""",
        """{"devname": "eth0", "product_id": "1515", "remote_managed": "true", "trusted": true}""",
        """{"address": {"domain": ".*", "bus": "0[a-f]{1,2}", "slot": "(?i)1|(?!0)", "function": "2+"}}""",
        """{"address": {"bus": "(?P<a>0)(?P=a)?", "slot": "(?:\\x30|\\d)*?$"}, "tag": "x"}""",
    ];

    private static readonly string[] Definitions =
    [
        """{"name": "a1", "vendor_id": "8086", "product_id": "154d", "device_type": "type-PF"}""",
        """{"name": " b1 ", "numa_policy": "socket", "capability_type": "pci"}""",
    ];

    private static readonly string[] Addresses =
        ["0000:0a:00.1", "ffff:ff:1f.7", "0:A:0.1", "10000:0a:00.0", "*:0a:00.*", "00.1", ""];

    [Fact, Trait("feature", "A1")]
    public void A_device_spec_is_read_or_refused() => Fuzz(random =>
    {
        var options = Enumerable.Range(0, random.Next(1, 3)).Select(_ => Changed(random, Specs)).ToList();
        var device = Hosts.Vf(1) with { Address = Changed(random, Addresses) };
        try
        {
            var specs = DeviceSpecList.Parse(options, Hosts.Facts);
            var match = specs.Match(device, Hosts.Facts, out var refusal);
            Assert.True(match is null || refusal is null);
            Assert.All(specs.Specs, spec => JsonSerializer.Serialize(spec.Tags));
        }
        catch (SpecRefusedException refused)
        {
            Assert.InRange(refused.Refusal.Entry, 1, 10);
            AssertClear(refused.Message);
        }
    });

    [Fact, Trait("feature", "AX2")]
    public void A_regex_of_any_form_is_read_or_refused() => Fuzz(random =>
    {
        string[] parts =
        [
            "0", "a", "f", "[0-9a-f]", "[^a]", "[", "]", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?>",
            "(?P<g>", "(?P=g)", "(?(1)", "(?i)", "(?i:", "|", ".", "^", "$", "*", "+", "?", "{2}", "{,3}",
            "{9999}", "{",
            "\\d", "\\Z", "\\1", "\\12", "\\07", "\\x3", "\\u0030", "\\b", "\\", "-", "#", " ",
        ];
        var pattern = string.Concat(random.GetItems(parts, random.Next(1, 12)));
        var entry = JsonSerializer.Serialize(new { address = new { domain = pattern } });
        try
        {
            var specs = Hosts.Parse(entry);
            specs.Match(Hosts.Pf, Hosts.Facts, out var refusal);
            Assert.True(refusal is null or { Kind: SpecRefusalKind.WrongAddressFormat });
        }
        catch (SpecRefusedException refused)
        {
            AssertClear(refused.Message);
        }
    });

    [Fact, Trait("feature", "C25"), Trait("feature", "C26")]
    public void Aliases_and_what_flavors_ask_are_read_or_refused() => Fuzz(random =>
    {
        try
        {
            var aliases = AliasTable.Parse(random.Next(2) == 0
                ? [Changed(random, Definitions), Changed(random, Definitions)]
                : Definitions);
            var requests = aliases.Requests(
                Changed(random, ["a1:2,b1:1", "a1:0", " b1 : 3 "]), Changed(random, ["", "required"]));
            Assert.All(requests, request => Assert.InRange(request.Count, 0, int.MaxValue));
        }
        catch (RequestRefusedException refused)
        {
            AssertClear(refused.Message);
        }
    });

    [Fact, Trait("feature", "AX3")]
    public void An_address_is_read_or_refused() => Fuzz(random =>
    {
        var text = Changed(random, Addresses);

        var strict = PciAddress.TryParse(text, out var address, out var reason);
        var reported = ReportedAddress.Read(text, out var refusal);

        Assert.NotEqual(strict, reason is not null);
        Assert.NotEqual(reported is null, refusal is null);
        // What is an address in full is one as reported, and the same.
        Assert.True(!strict || reported == address);
        if (refusal is not null)
            AssertClear(refusal.ToString());
    });

    /// <summary>A megabyte takes as long as its length says: with quadratic work it would be hours.</summary>
    [Theory]
    [InlineData("0", "", "")]
    [InlineData(":", "", "")]
    [InlineData("[", "", "")]
    [InlineData("{},", "[", "{}]")]
    [InlineData("0", "{\"address\": \"", "\"}")]
    [InlineData(":", "{\"address\": \"", "\"}")]
    [InlineData("0", "{\"vendor_id\": \"", "\"}")]
    [InlineData("(", "{\"address\": {\"bus\": \"", "\"}}")]
    [InlineData("a:1,", "", "a:1")]
    [InlineData(",", "", "")]
    public void A_megabyte_is_read_in_linear_time(string part, string before, string after)
    {
        var many = new StringBuilder().Insert(0, part, 1_000_000 / part.Length);
        var text = $"{before}{many}{after}";
        var aliases = AliasTable.Parse(["""{"name": "a"}"""]);
        var watch = Stopwatch.StartNew();

        Refusable(() => DeviceSpecList.Parse([text], Hosts.Facts));
        Refusable(() => AliasTable.Parse([text]));
        Refusable(() => aliases.Requests(text, null));
        ReportedAddress.Read(text, out _);
        _ = PciAddress.TryParse(text, out _, out _);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static void Refusable(Action read)
    {
        try
        {
            read();
        }
        catch (Exception refused) when (refused is SpecRefusedException or RequestRefusedException)
        {
            AssertClear(refused.Message);
        }
    }

    private static void AssertClear(string message)
    {
        Assert.Contains("is refused: ", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 20, 2_000);
    }

    private static void Fuzz(Action<Random> round)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var number = 0; number < Rounds; number++)
            round(random);
    }

    // One of the texts, with up to three pieces left out, put in or written twice.
    private static string Changed(Random random, string[] texts)
    {
        var text = texts[random.Next(texts.Length)];
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            var length = random.Next(Math.Min(4, text.Length - at) + 1);
            text = random.Next(3) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Marks[random.Next(Marks.Length)]),
                _ => text.Insert(at, text.Substring(at, length)),
            };
        }

        return text;
    }
}
