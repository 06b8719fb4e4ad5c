using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

/// <summary>What a reader should never meet.</summary>
public partial class TidyTests
{
    private const int LineMax = 110;
    private const int FileMax = 250;
    private const int TestFileMax = 450;

    private static readonly string[] Folders = ["shared", "services", "tests", "bench", "tools"];

    private static readonly string[] Headings = ["Status", "Context", "Options", "Decision", "Consequences"];

    // This file names what it forbids.
    private const string Self = "tests/Architecture/TidyTests.cs";

    public static TheoryData<string> Sources =>
        [.. from folder in Folders
            where Directory.Exists(Path.Combine(Repository.Root, folder))
            from file in Repository.Files(folder, "*.cs")
            where file != Self
            select file];

    public static TheoryData<string> Texts =>
        [.. Repository.Files(".", "*").Where(file => Text().IsMatch(file) && file != Self)];

    public static TheoryData<string> Decisions => [.. Repository.Files("docs/adr", "*.md")];

    public static TheoryData<string> Services =>
        [.. Repository.Files("services", "*.csproj").Select(project => Path.GetDirectoryName(project)!)];

    [Theory, MemberData(nameof(Sources))]
    public void A_source_file_can_be_read(string file) => Assert.Empty(Untidy(
        File.ReadAllLines(Path.Combine(Repository.Root, file)),
        file.StartsWith("tests/", StringComparison.Ordinal)
        || file.StartsWith("bench/", StringComparison.Ordinal)
            ? TestFileMax : FileMax));

    [Theory, MemberData(nameof(Texts))]
    public void A_file_names_no_machine_and_no_registry(string file) =>
        Assert.Empty(Private().Matches(Repository.Read(file)).Select(match => match.Value));

    [Theory, MemberData(nameof(Decisions))]
    public void A_decision_says_its_status_and_why(string file)
    {
        var text = Repository.Read(file);

        Assert.All(Headings, heading => Assert.Matches($@"(?m)^(##\s*|\*\*)?{heading}\b", text));
    }

    [Theory, MemberData(nameof(Services))]
    public void A_service_can_be_started(string folder) =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, folder, "Program.cs")));

    [Theory]
    [InlineData("// TODO: later", "unfinished")]
    [InlineData("/* FIXME */", "unfinished")]
    [InlineData("// var host = hosts.Find(id);", "commented out")]
    [InlineData("    // return answer;", "commented out")]
    [InlineData("// if (host is null)", "commented out")]
    public void The_rule_sees_a_planted_line(string line, string what) =>
        Assert.Contains(what, Assert.Single(Untidy([line], FileMax)));

    [Fact]
    public void The_rule_sees_a_long_line_and_a_long_file()
    {
        Assert.Contains("longer", Assert.Single(Untidy([new string('x', LineMax + 1)], FileMax)));
        Assert.Contains("lines", Assert.Single(Untidy([.. Enumerable.Repeat("", FileMax + 1)], FileMax)));
    }

    [Theory]
    [InlineData("// A server that is away must not eat the tries of a message.")]
    [InlineData("/// <summary>Why; and what for.</summary>")]
    public void The_rule_lets_a_comment_pass(string line) => Assert.Empty(Untidy([line], FileMax));

    private static IEnumerable<string> Untidy(string[] lines, int fileMax)
    {
        if (lines.Length > fileMax)
            yield return $"{lines.Length} lines, {fileMax} at most: split it.";

        foreach (var (number, line) in lines.Index())
        {
            if (line.Length > LineMax)
                yield return $"Line {number + 1} is longer than {LineMax}.";
            if (Unfinished().IsMatch(line))
                yield return $"Line {number + 1} is unfinished: {line.Trim()}";
            if (CommentedOut().IsMatch(line))
                yield return $"Line {number + 1} is commented out: {line.Trim()}";
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\s*//(?!/).*(;|\{|\})\s*$|^\s*//\s*(if|while|for|foreach|return|using)\s*\(")]
    private static partial Regex CommentedOut();

    [GeneratedRegex(@"\.(cs|csproj|props|md|ya?ml|sql|sh|json|txt)$|^platform$|^\.ci/")]
    private static partial Regex Text();

    [GeneratedRegex(@"nuget\.config|/home/\w+/", RegexOptions.IgnoreCase)]
    private static partial Regex Private();
}
