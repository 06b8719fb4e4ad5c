using System.Diagnostics;
using System.Globalization;
using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.HostAgent;
using Platform.Unit.Tests;

namespace Platform.Kernel.Tests;

/// <summary>The whole service on the guest's kernel, its words heard on an embedded bus.</summary>
public sealed class AgentTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("feature", "G34"), Trait("feature", "E8")]
    public async Task VFs_are_told_of_when_they_appear_though_the_agent_beats_once_an_hour()
    {
        await Guest.Need();
        await using var service = await ServiceProbe.Start(
            HostAgentService.Module,
            [
                "--HostAgent:Hosts:0:HostId=guest", "--HostAgent:Hosts:0:Kernel=true",
                "--HostAgent:AdmissionInterval=00:00:01", "--HostAgent:HeartbeatInterval=01:00:00",
                $$"""--HostAgent:DeviceSpec:0={"address": "{{Guest.Pf}}", "physical_network": "physnet1"}""",
            ],
            typeof(AgentStarted), typeof(HostReported), typeof(VfCountChanged));
        var started = await service.Next<AgentStarted>();
        var admitted = new AdmitAgent("guest", started.InstanceId, 1, new Dictionary<string, long>());
        var queue = await service.Bus.GetSendEndpoint(HostAgentQueue.Address("guest"));
        await queue.Send(admitted, Stop);
        Assert.Equal(Guest.Pf, Assert.Single((await service.Next<HostReported>()).Devices).Address);

        foreach (var count in new[] { 1, 0, 4, 0 })
        {
            await Guest.SetVfs(Guest.Pf, count);
            var watch = Stopwatch.StartNew();
            VfCountChanged told;
            do
                told = await service.Next<VfCountChanged>();
            while (told.NumVfs != count);

            Guest.Measured(string.Create(
                CultureInfo.InvariantCulture,
                $"{count} VFs told of {watch.ElapsedMilliseconds} ms after they were made"));
            Assert.Equal(count, told.Vfs.Count);
            Assert.All(told.Vfs, vf => Assert.Equal("physnet1", vf.Tags["physical_network"]));
        }
    }
}
