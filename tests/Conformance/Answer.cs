using System.Text.Json;

namespace Platform.Conformance.Tests;

/// <summary>What came of an input: a text to compare, or a refusal.</summary>
/// <param name="Text">The answer, written the same way for both sides; null for a refusal.</param>
/// <param name="Refusal">The class of the refusal in Nova's words; null for an answer.</param>
public sealed record Outcome(string? Text, string? Refusal)
{
    // Nova's own code failed on the input. Right is any refusal.
    private const string Crash = "crash";

    public static Outcome Given(string text) => new(text, null);

    public static Outcome Refused(string kind) => new(null, kind);

    /// <summary>Reads <c>{class, message, nova}</c>. Messages are never compared.</summary>
    public static Outcome OfNova(JsonElement error) =>
        Refused(error.GetProperty("nova").GetBoolean() ? error.GetProperty("class").GetString()! : Crash);

    public bool Meets(Outcome nova) => nova.Refusal == Crash ? Refusal is not null : this == nova;

    public override string ToString() => Refusal is null ? Text ?? "nothing" : $"refused: {Refusal}";
}

/// <summary>One answer of Nova beside ours: a line, or one op of a sequence.</summary>
/// <param name="Kind">The <see cref="IKind.Name"/> it was replayed as.</param>
/// <param name="Id">For people: the line's id, and the op's number.</param>
/// <param name="Input">The line, or the op: what the rules in <see cref="Deviations"/> look at.</param>
public sealed record Answer(string Kind, string Id, JsonElement Input, Outcome Nova, Outcome Ours)
{
    public bool Agrees => Ours.Meets(Nova);
}

/// <summary>How the lines of one kind are replayed.</summary>
public interface IKind
{
    /// <summary>As the line's <c>kind</c> says, or as <see cref="Recording.KindOf"/> finds.</summary>
    string Name { get; }

    /// <summary>
    /// Our answers to a line's inputs. A sequence has several; where ours is not Nova's, it goes on from the
    /// state that Nova recorded.
    /// </summary>
    IEnumerable<Answer> Replay(JsonElement line);
}
