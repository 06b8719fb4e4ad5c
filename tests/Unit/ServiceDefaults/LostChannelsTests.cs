using MassTransit;
using Platform.ServiceDefaults;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Unit.Tests.ServiceDefaults;

/// <summary>MassTransit closes a channel inside its delivery when it sees one of these exceptions.</summary>
public sealed class LostChannelsTests
{
    public static TheoryData<Exception> Losses =>
    [
        new OperationInterruptedException(new(ShutdownInitiator.Peer, 320, "Gone.")),
        new AlreadyClosedException(new(ShutdownInitiator.Library, 541, "Reset.")),
        new EndOfStreamException(),
    ];

    [Theory, MemberData(nameof(Losses), DisableDiscoveryEnumeration = true)]
    public async Task A_lost_channel_is_seen_as_a_transport_that_is_away(Exception loss)
    {
        var seen = await Assert.ThrowsAsync<TransportUnavailableException>(() => Handled(loss));

        Assert.Same(loss, seen.InnerException);
        Assert.True(Outage.Is(seen));
    }

    [Fact]
    public Task Any_other_failure_stays_what_it_is() =>
        Assert.ThrowsAsync<InvalidOperationException>(() => Handled(new InvalidOperationException()));

    private static Task Handled(Exception failure) =>
        new LostChannels().Send(null!, Pipe.ExecuteAsync<ReceiveContext>(_ => Task.FromException(failure)));
}
