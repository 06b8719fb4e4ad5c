using System.Collections.Concurrent;
using System.Reflection;
using MassTransit;
using Platform.Contracts.Scheduler;

namespace Platform.Scenarios.Tests;

/// <summary>
/// What goes wrong on the way, boot by boot: messages that are lost, refused, or come twice. Stands at the
/// door of every receive endpoint, outside inbox and retry, as the broker does.
/// </summary>
internal sealed class Interference : IConfigureReceiveEndpoint
{
    private readonly ConcurrentDictionary<Guid, Rules> rules = new();

    public Rules For(Guid bootId) => rules.GetOrAdd(bootId, _ => new());

    public void Configure(string name, IReceiveEndpointConfigurator configurator) =>
        configurator.UseFilter(new Door(this));

    /// <summary>What happens to the messages of one boot.</summary>
    internal sealed class Rules
    {
        private readonly ConcurrentDictionary<Type, Rule> byType = new();

        /// <summary>These types come twice; null for all.</summary>
        public IReadOnlyList<Type>? Twice { get; set; } = [];

        public Rules Swallow<T>(int times = int.MaxValue) where T : class => Add<T>(_ => null, times);

        public Rules AnswerInstead<T>(Func<T, object> answer, int times = int.MaxValue) where T : class =>
            Add<T>(message => answer((T)message), times);

        public bool TryTake(object message, out object? answer)
        {
            answer = null;
            if (!byType.TryGetValue(message.GetType(), out var rule)
                || Interlocked.Decrement(ref rule.Left) < 0)
                return false;
            answer = rule.Answer(message);
            return true;
        }

        private Rules Add<T>(Func<object, object?> answer, int times)
        {
            byType[typeof(T)] = new() { Answer = answer, Left = times };
            return this;
        }

        private sealed class Rule
        {
            public required Func<object, object?> Answer { get; init; }

            public int Left;
        }
    }

    private sealed class Door(Interference interference) : IFilter<ConsumeContext>
    {
        private const string Again = "platform-again";

        public void Probe(ProbeContext context) => context.CreateFilterScope("interference");

        public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
        {
            if (Messages.In(context) is not { } message
                || Messages.BootOf(message) is not { } bootId
                || !interference.rules.TryGetValue(bootId, out var rules))
            {
                await next.Send(context);
                return;
            }

            if (rules.TryTake(message, out var answer))
            {
                if (answer is not null)
                    await context.Publish(answer, answer.GetType());
                return;
            }

            await next.Send(context);
            if (rules.Twice is not null && !rules.Twice.Contains(message.GetType()))
                return;

            // Once more as the broker would after a lost acknowledgement, and once as a sender would after a
            // lost confirm: the same message under another id.
            await next.Send(context);
            if (!context.Headers.TryGetHeader(Again, out _))
            {
                var self = await context.GetSendEndpoint(context.ReceiveContext.InputAddress);
                await self.Send(message, message.GetType(), copy => copy.Headers.Set(Again, "1"));
            }
        }
    }

    /// <summary>The contracts, looked at without knowing which.</summary>
    private static class Messages
    {
        private static readonly Dictionary<string, Func<ConsumeContext, object?>> Readers =
            typeof(BootRequested).Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false })
            .ToDictionary(MessageUrn.ForTypeString, type => ReaderOf(type));

        private static readonly ConcurrentDictionary<Type, PropertyInfo?> BootIds = new();

        public static object? In(ConsumeContext context) => context.SupportedMessageTypes
            .Select(urn => Readers.TryGetValue(urn, out var read) ? read(context) : null)
            .FirstOrDefault(message => message is not null);

        public static Guid? BootOf(object message) =>
            BootIds.GetOrAdd(message.GetType(), type => type.GetProperty("BootId"))?
                .GetValue(message) as Guid?;

        private static Func<ConsumeContext, object?> ReaderOf(Type type) =>
            typeof(Messages).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type).CreateDelegate<Func<ConsumeContext, object?>>();

        private static object? Read<T>(ConsumeContext context) where T : class =>
            context.TryGetMessage<T>(out var typed) ? typed.Message : null;
    }
}
