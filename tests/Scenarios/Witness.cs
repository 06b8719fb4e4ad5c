using MassTransit;
using Platform.Support;

namespace Platform.Scenarios.Tests;

/// <summary>Another service that listens to what is published, on a temporary queue of its own.</summary>
internal sealed class Witness : IAsyncDisposable
{
    private readonly List<object> heard = [];
    private HostReceiveEndpointHandle handle = null!;

    public static async Task<Witness> Of(
        IBus bus, params Action<Witness, IReceiveEndpointConfigurator>[] listeners)
    {
        var witness = new Witness();
        witness.handle = bus.ConnectReceiveEndpoint(new TemporaryEndpointDefinition(), null, endpoint =>
        {
            foreach (var listen in listeners)
                listen(witness, endpoint);
        });
        await witness.handle.Ready;
        return witness;
    }

    public static void To<T>(Witness witness, IReceiveEndpointConfigurator endpoint) where T : class =>
        endpoint.Handler<T>(context =>
        {
            lock (witness.heard)
                witness.heard.Add(context.Message);
            return Task.CompletedTask;
        });

    public IReadOnlyList<T> Heard<T>()
    {
        lock (heard)
            return [.. heard.OfType<T>()];
    }

    /// <summary>The first message of the kind for which this holds, now or later.</summary>
    public async Task<T> Hears<T>(Func<T, bool> isIt, CancellationToken stop) where T : class
    {
        T? found = null;
        await Eventually.True(
            $"a {typeof(T).Name} was heard",
            () => (found = Heard<T>().FirstOrDefault(isIt)) is not null,
            stop);
        return found!;
    }

    public async ValueTask DisposeAsync() => await handle.StopAsync();
}
