using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Platform.Inventory;

namespace Platform.Contract.Tests;

/// <summary>What is on the wire. A change here is a change for every peer that was not updated yet.</summary>
public class MessageTests
{
    private const string Folder = "tests/Contract/Messages";

    private static readonly Type[] Services =
    [
        typeof(InventoryService), typeof(Scheduler.SchedulerService),
        typeof(NetworkBinding.NetworkBindingService),
        typeof(HostAgent.HostAgentService),
    ];

    public static TheoryData<string> Messages => [.. Contracts.Messages.Select(message => message.FullName!)];

    public static TheoryData<string> Commands =>
        [.. Contracts.Messages.Where(message => Contracts.QueueOf(message) is not null)
            .Select(m => m.FullName!)];

    [Theory, MemberData(nameof(Messages))]
    public void A_message_is_written_as_its_approved_sample(string message) =>
        Assert.Equal(Approved(message), Sample.Json(TypeOf(message)));

    [Theory, MemberData(nameof(Messages))]
    public void An_approved_sample_is_read_and_written_again_unchanged(string message)
    {
        var read = JsonSerializer.Deserialize(Approved(message), TypeOf(message), Sample.Wire);

        var written = JsonSerializer.SerializeToNode(read, TypeOf(message), Sample.Wire);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Approved(message)), written), $"{written}");
    }

    [Theory, MemberData(nameof(Messages))]
    public void A_reader_tolerates_fields_it_does_not_know(string message)
    {
        var read = Sample.FromTheFuture(Approved(message)).Deserialize(TypeOf(message), Sample.Wire);

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(Approved(message)),
            JsonSerializer.SerializeToNode(read, TypeOf(message), Sample.Wire)));
    }

    /// <summary>
    /// Namespace and name are the exchange: to rename or move a message is to send another one.
    /// </summary>
    [Fact]
    public void No_message_was_renamed_moved_or_taken_away() => Assert.Equal(
        Repository.Names(Folder).Order(StringComparer.Ordinal),
        Contracts.Messages.Select(message => $"{message.FullName}.json").Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Commands))]
    public void A_command_is_sent_to_the_queue_of_its_consumer(string command)
    {
        var consumers = ConsumersOf(TypeOf(command));

        Assert.All(consumers, consumer => Assert.Equal(
            Contracts.QueueOf(TypeOf(command)),
            KebabCaseEndpointNameFormatter.Instance.SanitizeName(consumer.Name.Replace("Consumer", ""))));
    }

    [Fact]
    public void The_catalogue_lists_every_message() =>
        Assert.Equal(
            Repository.Golden("docs/messages.md", Catalogue.Text(ReadersOf)), Catalogue.Text(ReadersOf));

    private static Type[] ReadersOf(Type message) =>
        [.. ConsumersOf(message),
            .. from service in Services
               from type in service.Assembly.GetTypes()
               let happens = typeof(Event<>).MakeGenericType(message)
               where type.GetProperties().Any(part => part.PropertyType == happens)
               select type];

    private static string Approved(string message) =>
        Repository.Golden($"{Folder}/{message}.json", Sample.Json(TypeOf(message)));

    private static Type TypeOf(string message) => Contracts.Assembly.GetType(message, throwOnError: true)!;

    private static Type[] ConsumersOf(Type message) =>
        [.. from service in Services
            from type in service.Assembly.GetTypes()
            where typeof(IConsumer<>).MakeGenericType(message).IsAssignableFrom(type) && !type.IsAbstract
            select type];
}
