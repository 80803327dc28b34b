using PayPerUse.Credits;

namespace PayPerUse.Testing.Credits;

/// <summary>
/// The design's credits told a second time, naively: every credit is a coin in a list. It shares no code with the rules and is
/// too slow for anything but finding out whether they are right.
/// </summary>
public sealed class NaiveCredits(CreditPolicy policy)
{
    private readonly List<Lot> _lots = [];
    private readonly List<Coin> _free = [];
    private readonly List<Hold> _holds = [];
    private readonly List<Known> _known = [];
    private DateTimeOffset _time = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _windowStart = DateTimeOffset.UnixEpoch;
    private int _windowCount;

    public List<Line> Log { get; } = [];

    /// <summary>How many lines of the log retention has taken.</summary>
    public int Folded { get; private set; }

    public int Free => _free.Count;

    public int Debt { get; private set; }

    public int Reserved => _holds.Where(h => h.State == ReservationState.Open).Sum(h => h.Coins.Count);

    public long Balance => Free - Debt;

    /// <summary>What is left of each grant: free credits, reserved ones, revoked ones, and until when.</summary>
    public IEnumerable<(string Id, long Free, long Reserved, long Revoked, DateTimeOffset? End)> Grants =>
        _lots.Select(l =>
            (
                l.Id,
                (long)_free.Count(c => c.Lot == l),
                (long)_holds.Where(h => h.State == ReservationState.Open).Sum(h => h.Coins.Count(c => c.Lot == l)),
                l.Revoked,
                l.End
            )
        );

    public Answer Apply(CreditCommand command, DateTimeOffset hostNow)
    {
        var now = hostNow > _time ? hostNow : _time;
        var isKeyed =
            command.Kind
            is CreditCommandKind.Grant
                or CreditCommandKind.Spend
                or CreditCommandKind.Reserve
                or CreditCommandKind.Revoke
                or CreditCommandKind.Restore;
        if (isKeyed && Recall(command, now) is { } recalled)
        {
            return recalled;
        }

        PerformDue(now);
        var answer = Perform(command, now);
        PerformDue(now);
        return answer;
    }

    /// <summary>
    /// What retention must do and no more: lines before a moment go, and with them the ids of spends and of reservations that ended
    /// before it. Grants, revokes and restores stay known.
    /// </summary>
    public void Trim(DateTimeOffset before)
    {
        for (; Folded < Log.Count && Log[Folded].At < before; Folded++)
        {
            var line = Log[Folded];
            if (line.Kind == CreditEntryKind.Spend)
            {
                _known.RemoveAll(k => k.Id == line.Id);
            }
        }

        _holds.RemoveAll(h => h.State != ReservationState.Open && h.Ended!.At < before);
    }

    private Answer? Recall(CreditCommand command, DateTimeOffset now)
    {
        if (_known.Find(k => k.Id == command.Id) is { } known)
        {
            var isSame = known.Print == PrintOf(command);
            return !isSame ? Refusal(CreditStatus.Conflict)
                : known.Attempt == command.Attempt ? known.First
                : known.First with { Status = CreditStatus.Replayed };
        }

        if (_holds.FindLast(h => h.Id == command.Id) is not { } hold)
        {
            return null;
        }

        if (hold.Print != PrintOf(command))
        {
            return Refusal(CreditStatus.Conflict);
        }

        var isOwn = hold.Attempt == command.Attempt;
        var stands =
            hold.State == ReservationState.Committed || (hold.State == ReservationState.Open && now < hold.Deadline);
        if (stands)
        {
            return hold.Made with { Status = isOwn ? CreditStatus.Applied : CreditStatus.Replayed };
        }

        return !isOwn
            ? null
            : hold.Made with
            {
                Status = hold.State == ReservationState.Released ? CreditStatus.AlreadyReleased : CreditStatus.Lapsed,
            };
    }

    private Answer Perform(CreditCommand command, DateTimeOffset now)
    {
        var credits = (int)(command.Credits ?? 0);
        switch (command.Kind)
        {
            case CreditCommandKind.Grant:
                var lot = new Lot(command.Id, command.Credits!.Value, now, command.ExpiresAt)
                {
                    End = command.ExpiresAt,
                };
                _lots.Add(lot);
                return Remember(command, Write(command, credits, MakeFree(lot, credits, now, isReturn: false), now));

            case CreditCommandKind.Spend:
                return Refuse(credits, now)
                    ?? Remember(command, Write(command, -credits, Burn(credits, now).Select(c => (c.Lot, -1)), now));

            case CreditCommandKind.Reserve:
                if (Refuse(credits, now) is { } refused)
                {
                    return refused;
                }

                var coins = Burn(credits, now);
                var made = Write(command, -credits, coins.Select(c => (c.Lot, -1)), now);
                var time = command.ReservationTime ?? policy.ReservationTime;
                _holds.Add(
                    new Hold(command.Id, command.Attempt, PrintOf(command), coins, made) { Deadline = now + time }
                );
                return made;

            case CreditCommandKind.Revoke
            or CreditCommandKind.Restore:
                if (_lots.Find(l => l.Id == command.GrantId) is not { } target)
                {
                    return Refusal(CreditStatus.NotFound);
                }

                if (
                    credits
                    > (command.Kind == CreditCommandKind.Revoke ? target.Credits - target.Revoked : target.Revoked)
                )
                {
                    return Refusal(CreditStatus.ExceedsLimit);
                }

                if (command.Kind == CreditCommandKind.Restore)
                {
                    target.Revoked -= credits;
                    return Remember(
                        command,
                        Write(command, credits, MakeFree(target, credits, now, isReturn: true), now)
                    );
                }

                target.Revoked += credits;
                var taken = InBurnOrder().OrderBy(c => c.Lot == target ? 0 : 1).Take(credits).ToList();
                taken.ForEach(c => _free.Remove(c));
                Debt += credits - taken.Count;
                return Remember(command, Write(command, -credits, taken.Select(c => (c.Lot, -1)), now));

            case CreditCommandKind.Settle:
                return Refusal(CreditStatus.Applied) with { At = now };
        }

        if (_holds.FindLast(h => h.Id == command.Id) is not { } hold || hold.Attempt != command.Attempt)
        {
            return Refusal(CreditStatus.NotFound);
        }

        var count = command.Credits ?? hold.Made.Credits;
        if (hold.State != ReservationState.Open)
        {
            var isRepeated =
                (
                    command.Kind == CreditCommandKind.Commit
                    && hold.State == ReservationState.Committed
                    && count == hold.Taken
                ) || (command.Kind == CreditCommandKind.Release && hold.State == ReservationState.Released);
            return hold.Ended! with
            {
                Status =
                    isRepeated ? CreditStatus.Applied
                    : hold.State == ReservationState.Committed ? CreditStatus.AlreadyCommitted
                    : hold.State == ReservationState.Released ? CreditStatus.AlreadyReleased
                    : CreditStatus.Lapsed,
            };
        }

        switch (command.Kind)
        {
            case CreditCommandKind.Renew:
                var deadline = now + (command.ReservationTime ?? policy.ReservationTime);
                if (deadline > hold.Deadline)
                {
                    hold.Deadline = deadline;
                    _time = now;
                }

                return new Answer(CreditStatus.Applied, Balance, hold.Made.Credits, now);

            case CreditCommandKind.Commit when count > hold.Made.Credits:
                return Refusal(CreditStatus.ExceedsLimit);

            default:
                var keeps = command.Kind == CreditCommandKind.Commit ? (int)count : 0;
                var state =
                    command.Kind == CreditCommandKind.Commit ? ReservationState.Committed : ReservationState.Released;
                var back = End(hold, state, keeps, now);
                hold.Ended = Write(command, hold.Made.Credits - keeps, back, now) with
                {
                    Credits = command.Kind == CreditCommandKind.Commit ? keeps : hold.Made.Credits,
                };
                return hold.Ended;
        }
    }

    private void PerformDue(DateTimeOffset now)
    {
        while (true)
        {
            var expiry = _free
                .Where(c => c.Lot.End <= now)
                .Select(c => c.Lot)
                .OrderBy(l => l.End)
                .ThenBy(l => l.At)
                .ThenBy(l => l.Id, StringComparer.Ordinal)
                .FirstOrDefault();
            var lapse = _holds
                .Where(h => h.State == ReservationState.Open && h.Deadline <= now)
                .OrderBy(h => h.Deadline)
                .ThenBy(h => h.Id, StringComparer.Ordinal)
                .FirstOrDefault();
            if (expiry is not null && (lapse is null || expiry.End <= lapse.Deadline))
            {
                var at = expiry.End!.Value > _time ? expiry.End.Value : _time;
                var gone = _free.RemoveAll(c => c.Lot == expiry);
                WriteLine(
                    "expire:" + expiry.Id,
                    CreditEntryKind.Expire,
                    -gone,
                    Enumerable.Repeat((expiry, -1), gone),
                    at
                );
            }
            else if (lapse is not null)
            {
                var at = lapse.Deadline > _time ? lapse.Deadline : _time;
                var back = End(lapse, ReservationState.Lapsed, 0, at);
                WriteLine("lapse:" + lapse.Id, CreditEntryKind.Lapse, lapse.Made.Credits, back, at);
                lapse.Ended = new Answer(CreditStatus.Lapsed, Balance, lapse.Made.Credits, at);
            }
            else
            {
                return;
            }
        }
    }

    private Answer? Refuse(int credits, DateTimeOffset now)
    {
        if (policy.RateLimit is { } limit && now < _windowStart + limit.Window && _windowCount >= limit.Permits)
        {
            return Refusal(CreditStatus.RateLimited);
        }

        return credits > Balance ? Refusal(CreditStatus.InsufficientCredits) : null;
    }

    private List<Coin> Burn(int credits, DateTimeOffset now)
    {
        if (policy.RateLimit is { } limit)
        {
            (_windowStart, _windowCount) =
                now >= _windowStart + limit.Window ? (now, 1) : (_windowStart, _windowCount + 1);
        }

        var coins = InBurnOrder().Take(credits).ToList();
        coins.ForEach(c => _free.Remove(c));
        return coins;
    }

    private IEnumerable<Coin> InBurnOrder() =>
        _free
            .OrderBy(c => c.Lot.End is null)
            .ThenBy(c => c.Lot.End)
            .ThenBy(c => c.Lot.At)
            .ThenBy(c => c.Lot.Id, StringComparer.Ordinal);

    private List<(Lot Lot, int Change)> End(Hold hold, ReservationState state, int keeps, DateTimeOffset at)
    {
        hold.State = state;
        hold.Taken = keeps;
        return [.. hold.Coins.Skip(keeps).SelectMany(c => MakeFree(c.Lot, 1, at, isReturn: true))];
    }

    private List<(Lot Lot, int Change)> MakeFree(Lot lot, int coins, DateTimeOffset at, bool isReturn)
    {
        var back = new List<(Lot, int)>();
        for (var i = 0; i < coins; i++)
        {
            if (Debt > 0)
            {
                Debt--;
                continue;
            }

            _free.Add(new Coin(lot));
            back.Add((lot, 1));
            if (lot.End <= at && !lot.HadGrace && isReturn)
            {
                lot.HadGrace = true;
                lot.End = lot.Expiry + policy.ReturnGrace;
            }
        }

        return back;
    }

    private Answer Write(
        CreditCommand command,
        long change,
        IEnumerable<(Lot, int)> moved,
        DateTimeOffset now,
        string? _ = null
    )
    {
        WriteLine(command.Id, Enum.Parse<CreditEntryKind>(command.Kind.ToString()), change, moved, now);
        return new Answer(CreditStatus.Applied, Balance, Math.Abs(change), now);
    }

    private void WriteLine(
        string id,
        CreditEntryKind kind,
        long change,
        IEnumerable<(Lot Lot, int Change)> moved,
        DateTimeOffset at
    )
    {
        var touched = string.Join(
            ' ',
            moved.GroupBy(m => m.Lot.Id).Select(g => $"{g.Key}{g.Sum(m => m.Change):+0;-0}")
        );
        Log.Add(new Line(id, kind, change, Balance, at, touched));
        _time = at;
    }

    private Answer Remember(CreditCommand command, Answer answer)
    {
        _known.Add(new Known(command.Id, PrintOf(command), command.Attempt, answer));
        return answer;
    }

    private Answer Refusal(CreditStatus status) => new(status, Balance, 0, null);

    private static string PrintOf(CreditCommand command) =>
        $"{command.Kind} {command.Action} {command.Credits} {command.GrantId}";

    /// <summary>What a caller hears, as far as the model can tell it.</summary>
    public sealed record Answer(CreditStatus Status, long Balance, long Credits, DateTimeOffset? At)
    {
        /// <summary>The same of the real thing.</summary>
        public static Answer Of(CreditResult result) => new(result.Status, result.Balance, result.Credits, result.At);
    }

    /// <summary>A line of the log.</summary>
    public sealed record Line(
        string Id,
        CreditEntryKind Kind,
        long Credits,
        long Balance,
        DateTimeOffset At,
        string Touched
    )
    {
        /// <summary>The same of the real thing.</summary>
        public static Line Of(CreditEntry entry) =>
            new(
                entry.OperationId,
                entry.Kind,
                entry.Credits,
                entry.Balance,
                entry.At,
                string.Join(' ', entry.Grants.Select(g => $"{g.GrantId}{g.Credits:+0;-0}"))
            );
    }

    private sealed record Known(string Id, string Print, Guid Attempt, Answer First);

    private sealed class Lot(string id, long credits, DateTimeOffset at, DateTimeOffset? expiry)
    {
        public string Id => id;
        public long Credits => credits;
        public DateTimeOffset At => at;
        public DateTimeOffset? Expiry => expiry;
        public DateTimeOffset? End { get; set; }
        public bool HadGrace { get; set; }
        public long Revoked { get; set; }
    }

    private sealed class Coin(Lot lot)
    {
        public Lot Lot => lot;
    }

    private sealed class Hold(string id, Guid attempt, string print, List<Coin> coins, Answer made)
    {
        public string Id => id;
        public Guid Attempt => attempt;
        public string Print => print;
        public List<Coin> Coins => coins;
        public Answer Made => made;
        public Answer? Ended { get; set; }
        public ReservationState State { get; set; } = ReservationState.Open;
        public DateTimeOffset Deadline { get; set; }
        public int Taken { get; set; }
    }
}
