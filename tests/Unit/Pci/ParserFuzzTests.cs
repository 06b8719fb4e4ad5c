using System.Diagnostics;
using Platform.Support.Fuzzing;

namespace Platform.Unit.Tests.Pci;

/// <summary>Whatever is written: an answer, or a refusal that says what and why. Never another exception.
/// </summary>
public class ParserFuzzTests
{
    private const int Rounds = 20_000;

    [Fact, Trait("feature", "A1")]
    public void A_device_spec_is_read_or_refused() => Fuzz(FuzzedParsers.DeviceSpec);

    [Fact, Trait("feature", "AX2")]
    public void A_regex_of_any_form_is_read_or_refused() => Fuzz(FuzzedParsers.Regex);

    [Fact, Trait("feature", "C25"), Trait("feature", "C26")]
    public void Aliases_and_what_flavors_ask_are_read_or_refused() => Fuzz(FuzzedParsers.Alias);

    [Fact, Trait("feature", "AX3")]
    public void An_address_is_read_or_refused() => Fuzz(FuzzedParsers.Address);

    public static TheoryData<FuzzedParser, int> Forms =>
        [.. from parser in FuzzedParsers.All
            from form in Enumerable.Range(0, parser.Growing.Count)
            select (parser, form)];

    /// <summary>A megabyte takes as long as its length says: with quadratic work it would be hours.</summary>
    [Theory, MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void A_megabyte_is_read_in_linear_time(FuzzedParser parser, int form)
    {
        var texts = parser.Growing[form](1_000_000);
        var watch = Stopwatch.StartNew();

        parser.Read(texts);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static void Fuzz(FuzzedParser parser)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var number = 0; number < Rounds; number++)
            parser.Read(parser.Inputs(random));
    }
}
