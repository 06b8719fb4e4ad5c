namespace Platform.EventStore;

/// <summary>Applies events to views held in memory; both stores' catch-up views are made of it.</summary>
internal static class CatchUp
{
    /// <summary>The views that some events belong to.</summary>
    public static IEnumerable<string> Ids(CatchUpView view, IReadOnlyList<StoredEvent> events) =>
        events.Select(view.Identify).OfType<string>().Distinct();

    /// <summary>Applies the events in turn, and answers the rows that this changed.</summary>
    public static IEnumerable<ViewRow> Apply(
        CatchUpView view, IReadOnlyList<StoredEvent> events, Dictionary<string, object?> views)
    {
        var changed = new Dictionary<string, ViewRow>();
        foreach (var happened in events)
        {
            if (view.Identify(happened) is not { } id)
                continue;
            views[id] = view.Apply(views.GetValueOrDefault(id), happened);
            changed[id] = new(id, happened.Sequence, views[id]);
        }

        return changed.Values;
    }
}
