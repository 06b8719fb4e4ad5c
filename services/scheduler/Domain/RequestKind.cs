using Platform.Pci;

namespace Platform.Scheduler.Domain;

/// <summary>What a request asks for, apart from how many.</summary>
internal static class RequestKind
{
    /// <summary>Requests of the same kind are met by the same functions.</summary>
    public static string Of(PciRequest request) => string.Concat(request.Spec.Select(alternative =>
        string.Concat(alternative.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}\u001f{pair.Value ?? "\0"}\u001e")) + '\u001d'));
}
