using System.Net.Sockets;
using MassTransit;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace Platform.ServiceDefaults;

/// <summary>
/// Tells a server that is away from a message that is wrong: the first is waited for, the second is not.
/// </summary>
public static class Outage
{
    // AMQP says with these that the request itself is refused: asking again does not help.
    private static readonly ushort[] Refusals = [403, 404, 405, 406];

    /// <summary>
    /// Whether an exception, or what caused it, is a database or a broker that is away, starting or moving.
    /// </summary>
    public static bool Is(Exception? error) => error switch
    {
        null => false,
        PostgresException postgres => postgres.IsTransient || IsDown(postgres.SqlState),
        NpgsqlException { IsTransient: true } => true,
        SocketException or TimeoutException => true,
        // Nobody here gives up a message of his own accord: an answer did not come in time.
        OperationCanceledException or ConsumerCanceledException => true,
        OperationInterruptedException broker => !Refusals.Contains(broker.ShutdownReason?.ReplyCode ?? 0),
        BrokerUnreachableException or ConnectionException or TransportUnavailableException => true,
        MessageNotAcknowledgedException => true,
        AggregateException several => several.InnerExceptions.Any(Is),
        _ => Is(error.InnerException),
    };

    // 57P: shutting down, crashed, starting. 25006: the old primary of a failover, read-only now.
    private static bool IsDown(string sqlState) =>
        sqlState.StartsWith("57P", StringComparison.Ordinal)
        || sqlState == PostgresErrorCodes.ReadOnlySqlTransaction;
}
