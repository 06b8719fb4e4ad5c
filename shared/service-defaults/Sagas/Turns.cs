namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// Gives each saga to one message of this process at a time. Striped, so that a lock for each saga that ever
/// was asked for need not be kept: now and then two sagas share a turn.
/// </summary>
internal sealed class Turns
{
    private const int Stripes = 256;

    private readonly SemaphoreSlim[] stripes =
        [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the saga's turn; it ends when the answer is disposed.</summary>
    public async Task<Turn> Take(SagaKey saga, CancellationToken stop)
    {
        var stripe = stripes[(uint)saga.GetHashCode() % Stripes];
        await stripe.WaitAsync(stop);
        return new(stripe);
    }

    internal sealed class Turn(SemaphoreSlim stripe) : IDisposable
    {
        private bool isEnded;

        public void Dispose()
        {
            if (!isEnded)
                stripe.Release();
            isEnded = true;
        }
    }
}
