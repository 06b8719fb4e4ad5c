using System.Diagnostics;
using System.Net.Http.Json;
using MassTransit;
using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;
using Platform.Contracts.Scheduler;

namespace Platform.Scenarios.Tests;

/// <summary>
/// A boot is one trace, from the API's call to its end, through five processes: told from the spans that they
/// export.
/// </summary>
[Trait("servers", "RabbitMQ, PostgreSQL")]
public sealed class TraceTests(ServicePrograms programs) : IClassFixture<ServicePrograms>
{
    private const string MessageTypes = "messaging.masstransit.message_types";
    private const string Operation = "messaging.operation";

    private static readonly Hop[] Forward =
    [
        new(typeof(BootRequested), "gateway", "scheduler"),
        new(typeof(ResolvePorts), "scheduler", "network-binding"),
        new(typeof(PortsResolved), "network-binding", "scheduler"),
        new(typeof(ClaimDevices), "scheduler", "inventory"),
        new(typeof(DevicesClaimed), "inventory", "scheduler"),
        new(typeof(VfReserved), "scheduler", "network-binding"),
        new(typeof(PortsBound), "network-binding", "scheduler"),
        new(typeof(PlugVfs), "scheduler", "host-agent"),
    ];

    private static readonly Hop[] Back =
    [
        new(typeof(UnplugVfs), "scheduler", "host-agent"),
        new(typeof(VfsUnplugged), "host-agent", "scheduler"),
        new(typeof(UnbindPorts), "scheduler", "network-binding"),
        new(typeof(PortsUnbound), "network-binding", "scheduler"),
        new(typeof(ReleaseDevices), "scheduler", "inventory"),
        new(typeof(DevicesReleasing), "inventory", "scheduler"),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("feature", "M8"), Trait("feature", "U27")]
    public async Task One_trace_covers_a_boot_through_all_services_and_the_outbox() =>
        await IsOneTrace("vm-traced", "Running",
        [
            .. Forward,
            new(typeof(VfsPlugged), "host-agent", "scheduler"),
            new(typeof(ConfirmClaim), "scheduler", "inventory"),
            new(typeof(ClaimConfirmed), "inventory", "scheduler"),
            new(typeof(BootSucceeded), "scheduler", null),
        ]);

    [Fact, Trait("feature", "M8")]
    public async Task A_boot_that_is_rolled_back_is_one_trace() =>
        await IsOneTrace(ServicePrograms.UnpluggableVm, "Failed",
        [
            .. Forward,
            new(typeof(VfPlugFailed), "host-agent", "scheduler"),
            .. Back,
            new(typeof(CleanDevices), "inventory", "host-agent"),
            new(typeof(DevicesCleaned), "host-agent", "inventory"),
            new(typeof(DevicesReleased), "inventory", "scheduler"),
            new(typeof(BootFailed), "scheduler", null),
        ]);

    [Fact, Trait("feature", "M8"), Trait("invariant", "4")]
    public async Task A_boot_whose_host_fell_silent_is_one_trace()
    {
        programs.Kill("host-agent");
        try
        {
            await IsOneTrace("vm-unanswered", "Failed",
            [
                .. Forward.SkipLast(1),
                new(typeof(PlugVfs), "scheduler", null),
                new(typeof(BootDeadlinePassed), "scheduler", "scheduler") { ByOutbox = false },
                .. Back.Where(hop => hop.To != "host-agent" && hop.From != "host-agent"),
                new(typeof(BootFailed), "scheduler", null),
            ]);
        }
        finally
        {
            await programs.Start("host-agent", Stop);
        }
    }

    private async Task IsOneTrace(string vmId, string ending, IReadOnlyList<Hop> hops)
    {
        var root = new ActivityContext(
            ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

        var bootId = await Boot(vmId, root);
        Assert.Equal(ending, (await programs.Api.Ended(bootId, Stop)).State);

        var spans = new Spans(await programs.Spans.Of(
            root.TraceId, found => new Spans(found).IsWhole(root, hops), Stop));
        Assert.Empty(spans.Orphans(root));
        Assert.Empty(spans.Missing(hops));
        foreach (var service in new[] { "inventory", "scheduler", "network-binding" })
            Assert.Contains(spans.All, span => span.Service == service && span.Source == "Npgsql");
    }

    private async Task<Guid> Boot(string vmId, ActivityContext root)
    {
        var bootId = Guid.NewGuid();
        var body = new
        {
            bootId,
            vmId,
            projectId = "p",
            nics = new[] { new { portId = await programs.CreatePort(Stop) } },
        };
        using var client = new HttpClient { BaseAddress = programs.Gateway };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/boots")
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Add("traceparent", $"00-{root.TraceId}-{root.SpanId}-01");
        using var answer = await client.SendAsync(request, Stop);
        answer.EnsureSuccessStatusCode();
        return bootId;
    }

    /// <summary>A message on its way from one service to another; to anyone when null.</summary>
    private sealed record Hop(Type Message, string From, string? To)
    {
        private readonly string urn = MessageUrn.ForTypeString(Message);

        public bool ByOutbox { get; init; } = From == "scheduler";

        public bool IsMadeBy(ExportedSpan span) => span.Tags.GetValueOrDefault(MessageTypes) == urn;

        public override string ToString() => $"{From} -> {Message.Name} -> {To ?? "anyone"}";
    }

    /// <summary>What came of one trace.</summary>
    private sealed class Spans(IReadOnlyList<ExportedSpan> all)
    {
        private readonly Dictionary<string, ExportedSpan> byId = all.ToDictionary(span => span.Id);

        public IReadOnlyList<ExportedSpan> All => all;

        public bool IsWhole(ActivityContext root, IReadOnlyList<Hop> hops) =>
            Orphans(root).Count == 0 && Missing(hops).Count == 0;

        /// <summary>Spans whose parent was not exported, other than the one below the test's own.</summary>
        public IReadOnlyList<ExportedSpan> Orphans(ActivityContext root) =>
        [
            .. all.Where(
                span => span.ParentId != root.SpanId.ToHexString() && !byId.ContainsKey(span.ParentId)),
        ];

        public IReadOnlyList<Hop> Missing(IReadOnlyList<Hop> hops) =>
            [.. hops.Where(hop => !all.Any(span => IsEndOf(hop, span)))];

        // Sent by the one, below what it consumed, and then consumed by the other.
        private bool IsEndOf(Hop hop, ExportedSpan span) =>
            hop.To is null
                ? IsSentBy(hop, span)
                : span.Service == hop.To
                    && span.Tags.GetValueOrDefault(Operation) == "process"
                    && hop.IsMadeBy(span)
                    && Above(span).Any(above => IsSentBy(hop, above));

        private bool IsSentBy(Hop hop, ExportedSpan span) =>
            span.Service == hop.From
            && span.Tags.GetValueOrDefault(Operation) == "send"
            && hop.IsMadeBy(span)
            && span.Name != "outbox send"
            && (!hop.ByOutbox
                || Above(span).Any(above => above.Name == "outbox send" && hop.IsMadeBy(above)));

        private IEnumerable<ExportedSpan> Above(ExportedSpan span)
        {
            while (byId.GetValueOrDefault(span.ParentId) is { } parent)
                yield return span = parent;
        }
    }
}
