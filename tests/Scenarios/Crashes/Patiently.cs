using Npgsql;

namespace Platform.Scenarios.Tests;

/// <summary>Asks those who may be away.</summary>
internal static class Patiently
{
    /// <summary>What the question answers, or that nobody answered it: never an exception for that.</summary>
    public static async Task<IReadOnlyList<string>> Ask(
        Func<Task<IReadOnlyList<string>>> question, CancellationToken stop)
    {
        try
        {
            return await question();
        }
        catch (Exception e) when (
            e is HttpRequestException or NpgsqlException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return [$"No answer: {e.Message}"];
        }
    }
}
