using MassTransit;
using Platform.Contracts.Inventory;
using Platform.Contracts.Scheduler;

namespace Platform.Scenarios.Tests;

/// <summary>
/// What nobody should send, and somebody will: each gets a clear answer, and the next boot goes through.
/// </summary>
public abstract class OddRequestsTests(BootLawsTests.WorldFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int> OddNicCounts => [0, 65, 10_000];

    [Theory, MemberData(nameof(OddNicCounts))]
    public async Task A_boot_with_an_odd_number_of_NICs_fails_with_that_number(int count)
    {
        await using var witness = await Witness.Of(fixture.World.Bus, Witness.To<BootFailed>);
        var bootId = Guid.NewGuid();

        var nics = Enumerable.Range(0, count).Select(i => new BootNic($"{i}")).ToList();
        await fixture.World.Bus.Publish(new BootRequested(bootId, "vm", "p", nics), Stop);

        var failed = await witness.Hears<BootFailed>(m => m.BootId == bootId, Stop);
        Assert.Equal("invalid-request", failed.Code);
        Assert.Contains(count == 0 ? "no NIC" : $"{count} NICs", failed.Reason);
        await TheNextBootGoesThrough();
    }

    [Fact]
    public async Task A_boot_with_an_unknown_port_fails_and_names_the_port()
    {
        await using var witness = await Witness.Of(fixture.World.Bus, Witness.To<BootFailed>);
        var (bootId, unknown) = (Guid.NewGuid(), Guid.NewGuid().ToString());

        await fixture.World.Bus.Publish(
            new BootRequested(bootId, "vm", "p", [new(unknown), new("nonsense")]), Stop);

        var failed = await witness.Hears<BootFailed>(m => m.BootId == bootId, Stop);
        Assert.Equal("port-resolution", failed.Code);
        Assert.Contains(unknown, failed.Reason);
        Assert.Contains("nonsense", failed.Reason);
        await TheNextBootGoesThrough();
    }

    [Fact]
    public async Task A_boot_id_that_is_taken_is_refused_and_the_first_boot_is_not_touched()
    {
        await using var witness = await Witness.Of(
            fixture.World.Bus,
            Witness.To<BootRequestRejected>,
            Witness.To<BootFailed>,
            Witness.To<BootStopped>);
        var bootId = Guid.NewGuid();
        await fixture.Boot(bootId, Stop);
        var running = await fixture.World.Api.Ended(bootId, Stop);

        await fixture.World.Bus.Publish(new BootRequested(bootId, "another", "p", [new("port")]), Stop);

        var rejected = await witness.Hears<BootRequestRejected>(m => m.BootId == bootId, Stop);
        Assert.Contains(running.VmId, rejected.Reason);
        Assert.Equal("Running", (await fixture.World.Api.Ended(bootId, Stop)).State);
        await fixture.World.Api.Stop(bootId, Stop);
        await witness.Hears<BootStopped>(m => m.BootId == bootId, Stop);
        Assert.DoesNotContain(witness.Heard<BootFailed>(), m => m.BootId == bootId);
    }

    [Fact, Trait("invariant", "3")]
    public async Task A_stop_that_overtakes_its_boot_is_final()
    {
        await using var witness = await Witness.Of(
            fixture.World.Bus, Witness.To<BootStopped>, Witness.To<BootRequestRejected>);
        var bootId = Guid.NewGuid();

        await fixture.World.Bus.Publish(new StopRequested(bootId), Stop);
        await witness.Hears<BootStopped>(m => m.BootId == bootId, Stop);
        await fixture.World.Bus.Publish(new BootRequested(bootId, "vm", "p", [new("port")]), Stop);

        await witness.Hears<BootRequestRejected>(m => m.BootId == bootId, Stop);
        Assert.Equal("Stopped", (await fixture.World.Api.Ended(bootId, Stop)).State);
    }

    [Fact]
    public async Task A_claim_on_an_unknown_host_is_rejected()
    {
        await using var witness = await Witness.Of(fixture.World.Bus, Witness.To<ClaimRejected>);
        var claimId = Guid.NewGuid();
        var inventory = await fixture.World.Bus.GetSendEndpoint(ClaimDevices.Queue);
        var onPhysnet1 = new Dictionary<string, string?> { ["physical_network"] = "physnet1" };

        await inventory.Send(
            new ClaimDevices(
                Guid.NewGuid(), "vm", claimId, "host-nowhere",
                [new(Guid.NewGuid(), 1, [onPhysnet1])],
                60, DateTimeOffset.UtcNow.AddMinutes(1)),
            Stop);

        var rejected = await witness.Hears<ClaimRejected>(m => m.ClaimId == claimId, Stop);
        Assert.Equal("host-unknown", rejected.Code);
        await TheNextBootGoesThrough();
    }

    private async Task TheNextBootGoesThrough()
    {
        var bootId = Guid.NewGuid();
        await fixture.Boot(bootId, Stop);
        Assert.Equal("Running", (await fixture.World.Api.Ended(bootId, Stop)).State);
        await fixture.World.Api.Stop(bootId, Stop);
        await fixture.World.Api.Shown(bootId, boot => boot.State == "Stopped", Stop);
    }
}

public sealed class EmbeddedOddRequestsTests(EmbeddedWorld world)
    : OddRequestsTests(world), IClassFixture<EmbeddedWorld>;

[Trait("servers", "RabbitMQ, PostgreSQL")]
public sealed class DistributedOddRequestsTests(DistributedWorld world)
    : OddRequestsTests(world), IClassFixture<DistributedWorld>;
