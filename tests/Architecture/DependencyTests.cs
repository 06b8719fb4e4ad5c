using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

/// <summary>Who may know whom.</summary>
public partial class DependencyTests
{
    private const string AllInOne = "services/all-in-one/AllInOne.csproj";
    private static readonly string[] Shared = ["Contracts", "EventStore", "Pci", "ServiceDefaults"];

    public static TheoryData<string> Services =>
        [.. Repository.Files("services", "*.csproj").Where(project => project != AllInOne)];

    public static TheoryData<string> PureFiles =>
        [
            .. Repository.Files("services", "*.cs")
                .Where(file => file.Contains("/Domain/", StringComparison.Ordinal)),
            .. Repository.Files("shared/pci", "*.cs"),
        ];

    [Theory, MemberData(nameof(Services))]
    public void A_service_references_what_is_shared_and_no_other_service(string project) =>
        Assert.Empty(Repository.ReferencesOf(project).Except(Shared));

    [Fact]
    public void The_all_in_one_references_the_services_and_what_is_shared()
    {
        var services = Services.Select(row => Path.GetFileNameWithoutExtension(row.Data));

        Assert.Empty(Repository.ReferencesOf(AllInOne).Except([.. Shared, .. services]));
    }

    [Theory]
    [InlineData("shared/contracts/Contracts.csproj")]
    [InlineData("shared/pci/Pci.csproj")]
    public void Messages_and_the_pci_domain_depend_on_nothing(string project)
    {
        Assert.Empty(Repository.ReferencesOf(project));
        Assert.Empty(Repository.PackagesOf(project));
    }

    [Fact]
    public void What_services_share_knows_no_service_and_no_message()
    {
        Assert.Empty(Repository.ReferencesOf("shared/event-store/EventStore.csproj"));
        Assert.Equal(
            ["EventStore"], Repository.ReferencesOf("shared/service-defaults/ServiceDefaults.csproj"));
    }

    [Theory, MemberData(nameof(PureFiles))]
    public void A_decision_names_no_bus_no_database_no_message_and_no_sibling_folder(string file) =>
        Assert.Empty(ForeignNames(Repository.Read(file)));

    [Theory]
    [InlineData("using MassTransit;")]
    [InlineData("global using Npgsql;")]
    [InlineData("private Npgsql.NpgsqlDataSource source;")]
    [InlineData("using Bus = MassTransit.IBus;")]
    [InlineData("using Platform.Contracts.Inventory;")]
    [InlineData("using Platform.EventStore;")]
    [InlineData("using static Platform.Inventory.Storage.Names;")]
    [InlineData("using Platform.Inventory.Consumers;")]
    public void The_rule_sees_a_foreign_name(string line) => Assert.NotEmpty(ForeignNames(line));

    [Theory]
    [InlineData("using Platform.Pci;")]
    [InlineData("using Platform.Inventory.Domain;")]
    [InlineData("using System.Collections.Immutable;")]
    public void The_rule_lets_its_own_names_pass(string line) => Assert.Empty(ForeignNames(line));

    [Fact]
    public void The_rule_sees_a_reference_to_another_service()
    {
        const string planted = """
            <Project><ItemGroup>
            <ProjectReference Include="..\scheduler\Scheduler.csproj" />
            </ItemGroup></Project>
            """;

        Assert.Equal(["Scheduler"], Repository.ReferencesIn(planted, "ProjectReference").Except(Shared));
    }

    [Fact]
    public void The_rules_look_at_something()
    {
        Assert.True(Services.Count >= 5);
        Assert.NotEmpty(PureFiles);
    }

    private static string[] ForeignNames(string source) =>
        [.. Foreign().Matches(source).Select(match => match.Value)];

    [GeneratedRegex(
        @"\b(MassTransit|Npgsql|Microsoft|OpenTelemetry|Platform\.(Contracts|EventStore|ServiceDefaults))\b"
        + @"|using (static )?Platform\.(?!Pci\b)\w+\.(?!Domain\b)\w+")]
    private static partial Regex Foreign();
}
