using System.Diagnostics;
using System.Runtime.Serialization;
using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Saga;

namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// MassTransit's saga repository on saga storage: one transaction around a saga's behaviour, with the inbox
/// row and the sent messages of <see cref="SagaOutbox"/> in it. Who lost a race consumes again on the state
/// that is there now.
/// </summary>
internal sealed class SagaRepositoryContextFactory<TSaga>(
    ISagaStorage storage, ISagaConsumeContextFactory<ISagaTransaction, TSaga> contexts)
    : ISagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, IDeadlineSaga
{
    // The row lock leaves two races: a saga's first messages, and copies of one message. Each is over in one
    // more try.
    private const int MaxTries = 10;

    public void Probe(ProbeContext context) => context.Add("persistence", storage.GetType().Name);

    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class
    {
        // As unreadable as a message without it, and no try will change that.
        if (context.CorrelationId is not { } id || id == Guid.Empty)
            throw new SerializationException(
                $"{typeof(T).Name} names no {typeof(TSaga).Name}, its id is all zeros: give it one.");
        if (!context.TryGetPayload<SagaOutbox>(out var outbox))
        {
            throw new SagaException(
                $"The endpoint has no saga outbox: add {typeof(TSaga).Name} by AddPlatformSaga.",
                typeof(TSaga),
                typeof(T),
                id);
        }
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await TryConsume(id, context, outbox, next))
                return;
        }
        throw new ConcurrencyException(
            $"Others moved the saga in each of {MaxTries} tries.", typeof(TSaga), id);
    }

    public Task SendQuery<T>(
        ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class =>
        throw new NotSupportedException(
            $"{typeof(T).Name} looks for {typeof(TSaga).Name} by a query: correlate by id.");

    public Task<T> Execute<T>(
        Func<LoadSagaRepositoryContext<TSaga>, Task<T>> use, CancellationToken stop = default)
        where T : class => use(new LoadContext(storage, stop));

    private async Task<bool> TryConsume<T>(
        Guid id, ConsumeContext<T> context, SagaOutbox outbox, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class
    {
        var key = new SagaKey(typeof(TSaga).Name, id);
        await using var transaction = await storage.Begin(outbox.Message, key, context.CancellationToken);
        outbox.Reset(transaction.Owed);
        if (transaction.IsConsumed)
            return true;

        var repository = new SagaTransactionContext<TSaga, T>(transaction, context, contexts);
        await next.Send(repository);
        return await transaction.Commit(repository.Change, outbox.Owed, context.CancellationToken);
    }

    private sealed class LoadContext(ISagaStorage storage, CancellationToken stop)
        : BasePipeContext(stop), LoadSagaRepositoryContext<TSaga>
    {
        public async Task<TSaga> Load(Guid correlationId) =>
            (await new SagaReader<TSaga>(storage).Load(correlationId, CancellationToken))!;
    }
}

/// <summary>
/// What a behaviour does to its saga: nothing is written before the commit, so undoing is forgetting.
/// </summary>
internal sealed class SagaTransactionContext<TSaga, T>(
    ISagaTransaction transaction, ConsumeContext<T> context,
    ISagaConsumeContextFactory<ISagaTransaction, TSaga> contexts)
    : ConsumeContextScope<T>(context, transaction), SagaRepositoryContext<TSaga, T>
    where TSaga : class, IDeadlineSaga
    where T : class
{
    private readonly ConsumeContext<T> context = context;
    private SagaDeadline? deadlineAsRead;
    private SagaHold? holdAsRead;

    /// <summary>The state to write; null when the message found no saga and began none.</summary>
    public SagaChange? Change { get; private set; }

    public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) =>
        CreateSagaConsumeContext(context, instance, SagaConsumeContextMode.Add);

    /// <summary>
    /// Inserting ahead would cost a round trip of its own and gain nothing: the commit inserts.
    /// </summary>
    public Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance) =>
        Task.FromResult<SagaConsumeContext<TSaga, T>>(null!);

    public Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId)
    {
        if (transaction.Saga is not { } stored)
            return Task.FromResult<SagaConsumeContext<TSaga, T>>(null!);
        var saga = SagaJson.Read<TSaga>(stored.Data);
        deadlineAsRead = saga.Deadline;
        holdAsRead = (saga as IHoldingSaga)?.Hold;
        return CreateSagaConsumeContext(context, saga, SagaConsumeContextMode.Load);
    }

    public Task Save(SagaConsumeContext<TSaga> context) => Update(context);

    public Task Update(SagaConsumeContext<TSaga> context)
    {
        var saga = context.Saga;
        saga.Deadline = Traced(saga.Deadline);
        Change = new(
            transaction.Saga?.Version ?? 0,
            SagaJson.Write(saga),
            DueChange.Of(deadlineAsRead, saga.Deadline),
            HoldChange.Of(holdAsRead, (saga as IHoldingSaga)?.Hold));
        return Task.CompletedTask;
    }

    // What is done when a wait has ended belongs to the trace in which it began.
    private SagaDeadline? Traced(SagaDeadline? deadline) =>
        deadline is null ? null
        : deadline with { Trace = deadlineAsRead?.Trace } == deadlineAsRead ? deadlineAsRead
        : deadline with { Trace = Activity.Current?.Id };

    /// <summary>A saga that is gone would take a late message for its first: its row stays.</summary>
    public Task Delete(SagaConsumeContext<TSaga> context) => throw new NotSupportedException(
        $"{typeof(TSaga).Name} was completed, but sagas stay: leave out SetCompletedWhenFinalized.");

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where TMessage : class =>
        contexts.CreateSagaConsumeContext(transaction, consumeContext, instance, mode);
}
