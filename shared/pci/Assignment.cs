namespace Platform.Pci;

/// <summary>
/// Shares pools out among requests: a maximum flow by augmenting paths. Where a pool with room meets the
/// request, as it nearly always does, that is one look at each pool.
/// </summary>
internal sealed class Assignment
{
    private readonly IReadOnlyList<int> asked;
    private readonly int[] room;
    private readonly bool[,] meets;
    private readonly int[,] taken;

    public Assignment(IReadOnlyList<int> asked, IReadOnlyList<int> free, Func<int, int, bool> meets)
    {
        this.asked = asked;
        room = [.. free];
        taken = new int[asked.Count, free.Count];
        this.meets = new bool[asked.Count, free.Count];
        for (var request = 0; request < asked.Count; request++)
            for (var pool = 0; pool < free.Count; pool++)
                this.meets[request, pool] = meets(request, pool);
    }

    /// <summary>Requests that reach nothing but these few free functions.</summary>
    public sealed record Short(IReadOnlyList<int> Requests, long Free);

    /// <summary>How many functions of the pool the request got.</summary>
    public int Taken(int request, int pool) => taken[request, pool];

    /// <summary>Gives every request what it asks, or says who is short.</summary>
    public Short? Fill()
    {
        for (var request = 0; request < asked.Count; request++)
        {
            var missing = asked[request];
            while (missing > 0)
            {
                var path = new Path(this, request);
                if (path.Pool is not { } end)
                    return path.Shortage();
                missing -= path.Push(end, missing);
            }
        }

        return null;
    }

    /// <summary>
    /// A way from a request to a pool with room, breadth first. On the way, requests that came earlier move
    /// over to another pool. Without such a way, the requests and pools it reached are the proof that there
    /// is none.
    /// </summary>
    private sealed class Path
    {
        private readonly Assignment flow;
        private readonly int[] reachedBy;
        private readonly int[] movedFrom;
        private readonly List<int> requests;

        public Path(Assignment flow, int start)
        {
            this.flow = flow;
            reachedBy = new int[flow.room.Length];
            movedFrom = new int[flow.asked.Count];
            Array.Fill(reachedBy, -1);
            Array.Fill(movedFrom, -1);
            requests = [start];
            for (var next = 0; next < requests.Count && Pool is null; next++)
                Reach(requests[next]);
        }

        public int? Pool { get; private set; }

        public int Push(int end, int missing)
        {
            var amount = Math.Min(missing, flow.room[end]);
            for (var by = reachedBy[end]; movedFrom[by] >= 0; by = reachedBy[movedFrom[by]])
                amount = Math.Min(amount, flow.taken[by, movedFrom[by]]);

            flow.room[end] -= amount;
            for (var pool = end; pool >= 0; pool = movedFrom[reachedBy[pool]])
            {
                var by = reachedBy[pool];
                flow.taken[by, pool] += amount;
                if (movedFrom[by] >= 0)
                    flow.taken[by, movedFrom[by]] -= amount;
            }

            return amount;
        }

        public Short Shortage()
        {
            var free = 0L;
            for (var pool = 0; pool < reachedBy.Length; pool++)
                if (reachedBy[pool] >= 0)
                    for (var request = 0; request < flow.asked.Count; request++)
                        free += flow.taken[request, pool];
            return new([.. requests.Order()], free);
        }

        private void Reach(int request)
        {
            for (var pool = 0; pool < reachedBy.Length; pool++)
            {
                if (reachedBy[pool] >= 0 || !flow.meets[request, pool])
                    continue;
                reachedBy[pool] = request;
                if (flow.room[pool] > 0)
                {
                    Pool = pool;
                    return;
                }

                for (var other = 0; other < flow.asked.Count; other++)
                    if (flow.taken[other, pool] > 0 && !requests.Contains(other))
                    {
                        movedFrom[other] = pool;
                        requests.Add(other);
                    }
            }
        }
    }
}
