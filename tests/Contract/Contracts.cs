using System.Reflection;
using Platform.Contracts.Scheduler;

namespace Platform.Contract.Tests;

/// <summary>
/// The messages of <c>shared/contracts</c>, found by reflection: a new one cannot be forgotten.
/// </summary>
internal static class Contracts
{
    public static readonly Assembly Assembly = typeof(BootRequested).Assembly;

    private static readonly Type[] Records =
        [.. Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false }
                && type.GetMethod("<Clone>$") is not null)
            .OrderBy(type => type.FullName, StringComparer.Ordinal)];

    /// <summary>Records that no other record is made of: what is published or sent by itself.</summary>
    public static readonly Type[] Messages = [.. Records.Except(Records.SelectMany(Parts))];

    /// <summary>The queue a command is sent to; null for what is published, or sent to an agent.</summary>
    public static string? QueueOf(Type message) =>
        (message.GetField("Queue")?.GetValue(null) as Uri)?.AbsolutePath;

    private static IEnumerable<Type> Parts(Type record) =>
        record.GetProperties().SelectMany(property => Within(property.PropertyType))
            .Where(part => part != record);

    private static IEnumerable<Type> Within(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(Within) : [type];
}
