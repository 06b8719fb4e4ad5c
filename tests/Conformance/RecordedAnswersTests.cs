using System.Reflection;

namespace Platform.Conformance.Tests;

/// <summary>Nova's recorded answers, and ours.</summary>
public class RecordedAnswersTests
{
    private static readonly string Folder = Path.Combine(
        typeof(RecordedAnswersTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "RepositoryRoot").Value!,
        "tests", "Conformance", "nova");

    [Fact]
    public void A_file_that_is_not_there_is_said_and_is_no_success()
    {
        using var said = new StringWriter();

        Assert.Equal(2, Report.Print([Path.Combine(Folder, "nothing.jsonl")], said));

        Assert.Contains("nothing.jsonl", said.ToString(), StringComparison.Ordinal);
    }
}
