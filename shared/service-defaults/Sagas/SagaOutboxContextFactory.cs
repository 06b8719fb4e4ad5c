using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// MassTransit's outbox filter on saga storage. The filter makes three passes over one message, consume,
/// deliver and end; only the first touches the database, in the saga repository, which reads and writes saga,
/// inbox and outbox in one transaction. What was sent is still in memory for the second.
/// </summary>
internal sealed class SagaOutboxContextFactory(
    IServiceProvider services, DeliveredMessages delivered, TimeProvider clock, SagaOptions options)
    : IOutboxContextFactory<ISagaTransaction>
{
    public async Task Send<T>(
        ConsumeContext<T> context, OutboxConsumeOptions consumer, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        var messageId = context.GetOriginalMessageId()
            ?? throw new MessageException(typeof(T), "A saga's message needs an id, to be consumed once.");
        var outbox = new SagaOutbox(new InboxKey(messageId, consumer.ConsumerId));
        context.AddOrUpdatePayload(() => outbox, _ => outbox);

        var consume = new OutboxContext<T>(context, consumer, services, outbox)
        {
            Now = clock.GetUtcNow,
            Timeout = options.DeliveryTimeout,
        };
        while (consume.ContinueProcessing)
            await next.Send(consume);
        if (consume.HasDelivered)
            delivered.Note(outbox.Message);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("sagaOutbox");

    private sealed class OutboxContext<T>(
        ConsumeContext<T> context, OutboxConsumeOptions consumer, IServiceProvider services,
        SagaOutbox outbox)
        : OutboxConsumeContextProxy<T>(context, consumer, services) where T : class
    {
        private bool isConsumed;

        public required Func<DateTimeOffset> Now { get; init; }

        public required TimeSpan Timeout { get; init; }

        public bool HasDelivered { get; private set; }

        public override bool ContinueProcessing { get; set; } = true;

        public override bool IsMessageConsumed => isConsumed;

        public override bool IsOutboxDelivered => HasDelivered || outbox.Owed.Count == 0;

        public override int ReceiveCount => 1;

        public override long? LastSequenceNumber => null;

        public override Task AddSend<TMessage>(SendContext<TMessage> context)
        {
            outbox.Add(OutboxMessage.From(context, Now()));
            return Task.CompletedTask;
        }

        public override Task SetConsumed()
        {
            isConsumed = true;
            return Task.CompletedTask;
        }

        /// <summary>
        /// The filter would send one after another: here all are sent at once, and it is left none.
        /// </summary>
        public override async Task<List<OutboxMessageContext>> LoadOutboxMessages()
        {
            await CapturedContext.Deliver(outbox.Owed, Now().UtcDateTime, Timeout, CancellationToken);
            return [];
        }

        public override Task SetDelivered()
        {
            HasDelivered = true;
            return Task.CompletedTask;
        }

        public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;

        /// <summary>
        /// Removed in batches, by <see cref="DeliveredMessages"/>: the message need not wait for it.
        /// </summary>
        public override Task RemoveOutboxMessages() => Task.CompletedTask;
    }
}
