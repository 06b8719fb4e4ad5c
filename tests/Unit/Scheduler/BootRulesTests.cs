using Platform.Scheduler.Domain;

namespace Platform.Unit.Tests.Scheduler;

public class BootRulesTests
{
    [Fact]
    public void A_complete_request_has_no_problem() =>
        Assert.Null(BootRules.ProblemOf("vm-1", "project-1", ["port-1", "port-2"]));

    [Theory]
    [InlineData(null, "p", "vmId")]
    [InlineData("vm", " ", "projectId")]
    public void A_missing_name_is_named(string? vmId, string? projectId, string field) =>
        Assert.Contains(field, BootRules.ProblemOf(vmId, projectId, ["port-1"]));

    [Fact]
    public void A_name_that_is_too_long_is_refused_with_its_length() =>
        Assert.Contains("256", BootRules.ProblemOf(new('v', 256), "p", ["port-1"]));

    [Fact]
    public void A_port_id_that_is_too_long_is_refused_with_its_length() =>
        Assert.Contains("256", BootRules.ProblemOf("vm", "p", ["port-1", new('p', 256)]));

    [Fact]
    public void No_NIC_at_all_is_refused()
    {
        Assert.Contains("no NIC", BootRules.ProblemOf("vm", "p", null));
        Assert.Contains("no NIC", BootRules.ProblemOf("vm", "p", []));
    }

    [Fact]
    public void Too_many_NICs_are_refused_with_their_number_and_the_limit()
    {
        string[] ports = [.. Enumerable.Range(0, 10_000).Select(i => $"port-{i}")];

        var problem = BootRules.ProblemOf("vm", "p", ports);

        Assert.Contains("10000", problem);
        Assert.Contains("64", problem);
    }

    [Fact]
    public void A_NIC_without_a_port_is_named_by_its_place() =>
        Assert.Contains("NIC 1", BootRules.ProblemOf("vm", "p", ["port-1", null, "port-2"]));

    [Fact]
    public void A_port_named_twice_is_named_in_the_refusal() =>
        Assert.Contains("port-1", BootRules.ProblemOf("vm", "p", ["port-1", "port-2", "port-1"]));
}
