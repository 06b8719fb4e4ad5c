namespace Platform.ServiceDefaults.Sagas;

/// <summary>
/// A saga that holds some of what is limited for many sagas together, such as a project's quota.
/// </summary>
public interface IHoldingSaga
{
    /// <summary>
    /// Null when it holds nothing. What is held altogether is counted in the transaction that saves the saga:
    /// where it would be more than the limit, the message is consumed again, on what is held then.
    /// </summary>
    SagaHold? Hold { get; }
}

/// <param name="Key">What it holds some of.</param>
/// <param name="Amount">How much, above 0.</param>
/// <param name="Limit">How much all sagas may hold together.</param>
public sealed record SagaHold(string Key, int Amount, int Limit);

/// <summary>What sagas hold together.</summary>
public interface ISagaHolds
{
    /// <summary>As last committed; 0 when nobody holds any.</summary>
    Task<int> Held(string key, CancellationToken stop);
}

/// <summary>What a save changes of what is held.</summary>
/// <param name="More">Below 0: so much less.</param>
public readonly record struct HoldChange(string Key, int More, int Limit)
{
    /// <summary>Null when nothing changes. A saga holds of one key all its life.</summary>
    public static HoldChange? Of(SagaHold? before, SagaHold? after)
    {
        var more = (after?.Amount ?? 0) - (before?.Amount ?? 0);
        return more == 0 ? null : new((after ?? before)!.Key, more, (after ?? before)!.Limit);
    }
}
