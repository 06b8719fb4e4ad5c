namespace Platform.Conformance.Tests;

/// <summary>A rule for answers in which we differ from Nova on purpose.</summary>
/// <param name="Kinds">The kinds of answers it is about.</param>
/// <param name="Applies">By the input and Nova's answer, never by a line's id.</param>
public sealed record Deviation(
    string Name, string[] Kinds, Func<Answer, bool> Applies, string Reason);

/// <summary>Where Nova is wrong, and we are right.</summary>
public static class Deviations
{
    public static readonly IReadOnlyList<Deviation> All = [];

    public static Deviation? Of(Answer answer) =>
        All.FirstOrDefault(rule => rule.Kinds.Contains(answer.Kind) && rule.Applies(answer));
}
