namespace Platform.Inventory.Domain;

/// <summary>
/// What a host may be called: its name is a part of a stream's key and of its agent's queue's name.
/// </summary>
public static class HostId
{
    public const int LongestName = 200;

    /// <summary>Null when the text can name a host, else why it cannot.</summary>
    public static string? Problem(string? text) =>
        text is { Length: > 0 and <= LongestName }
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
            ? null
            : $"'{text}' cannot name a host: use 1 to {LongestName} ASCII letters, digits, '.', '_' and '-'.";
}
