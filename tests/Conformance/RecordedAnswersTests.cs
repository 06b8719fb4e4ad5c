using System.Reflection;
using System.Text.Json;

namespace Platform.Conformance.Tests;

/// <summary>Nova's recorded answers, and ours.</summary>
public class RecordedAnswersTests
{
    internal static readonly string Folder = Path.Combine(
        typeof(RecordedAnswersTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "RepositoryRoot").Value!,
        "tests", "Conformance", "nova");

    [Theory]
    [InlineData("devspec.jsonl.gz", 4485)]
    [InlineData("alias.jsonl.gz", 548)]
    [InlineData("stats.jsonl.gz", 8253)]
    [InlineData("tracker.jsonl.gz", 2413)]
    [InlineData("vif.jsonl.gz", 278)]
    [Trait("feature", "A1"), Trait("feature", "A13"), Trait("feature", "AX2"), Trait("feature", "C26")]
    [Trait("feature", "H1"), Trait("feature", "H20"), Trait("feature", "H21"), Trait("feature", "H22")]
    [Trait("feature", "B25"), Trait("feature", "B26"), Trait("feature", "B27"), Trait("feature", "D10")]
    public void Every_answer_is_Novas_or_deviates_by_a_rule_and_few_do(string file, int answers)
    {
        var tally = new Tally(Recording.Replay(Path.Combine(Folder, file)));

        Assert.Empty(tally.Differing);
        Assert.Equal(answers, tally.Agree + tally.Deviate);
        Assert.InRange(tally.Deviate, 0, answers * 3 / 100);
    }

    [Fact]
    public void A_difference_without_a_rule_is_told_and_is_no_success()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(
            file,
            """
            {"kind": "port", "id": 7, "port": {"vnic_type": "direct", "physical_network": "physnet1",
            "profile": {}, "numa_affinity_policy": null}, "requests": []}
            """.ReplaceLineEndings(""));
        using var said = new StringWriter();

        Assert.Equal(1, Report.Print([file], said));

        Assert.Contains("port 7", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("0 agree, 0 deviate, 1 differ", said.ToString(), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("""{"class": "ValueError", "message": "boom", "nova": false}""", true)]
    [InlineData("""{"class": "PciInvalidAlias", "message": "boom", "nova": true}""", true)]
    [InlineData("""{"class": "PciConfigInvalidSpec", "message": "boom", "nova": true}""", false)]
    public void A_refusal_meets_a_crash_of_Novas_and_a_refusal_of_its_class(string error, bool meets) =>
        Assert.Equal(
            meets, Outcome.Refused("PciInvalidAlias").Meets(Outcome.OfNova(JsonElement.Parse(error))));

    [Fact]
    public void An_answer_does_not_meet_a_crash_of_Novas() => Assert.False(
        Outcome.Given("match").Meets(Outcome.OfNova(JsonElement.Parse("""{"class": "E", "nova": false}"""))));

    [Fact]
    public void A_file_that_is_not_there_is_said_and_is_no_success()
    {
        using var said = new StringWriter();

        Assert.Equal(2, Report.Print([Path.Combine(Folder, "nothing.jsonl")], said));

        Assert.Contains("nothing.jsonl", said.ToString(), StringComparison.Ordinal);
    }
}
