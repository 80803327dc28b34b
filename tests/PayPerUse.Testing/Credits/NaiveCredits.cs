using PayPerUse.Credits;

namespace PayPerUse.Testing.Credits;

/// <summary>
/// The design's credits told a second time, naively: every credit is a coin in a list. It shares no code with the rules and is
/// too slow for anything but finding out whether they are right.
/// </summary>
/// <param name="id">Whose credits.</param>
/// <param name="policy">The numbers to follow.</param>
public sealed partial class NaiveCredits(AccountId id, CreditPolicy policy)
{
    private readonly List<Lot> _lots = [];
    private readonly List<Coin> _free = [];
    private readonly List<Hold> _holds = [];
    private readonly List<Known> _known = [];
    private DateTimeOffset _time = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _windowStart = DateTimeOffset.UnixEpoch;
    private int _windowCount;

    public AccountId Id => id;

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

        if (isKeyed && MergedInto is { } into)
        {
            return Refusal(CreditStatus.Merged) with { MergedInto = into };
        }

        PerformDue(now);
        var answer = Perform(command, now);
        PerformDue(now);
        return answer;
    }

    /// <summary>
    /// What retention must do and no more: lines before a moment go, and with them the ids of spends and of reservations that ended
    /// before it. Grants, revokes, restores and merges stay known.
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
            if (known.Print != PrintOf(command))
            {
                return Refusal(CreditStatus.Conflict);
            }

            return known.First is not { } first ? RecallMerged(command)
                : known.Attempt == command.Attempt ? first
                : first with { Status = CreditStatus.Replayed };
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
                var lot = new Lot(command.Id, command.Action, credits, now, command.ExpiresAt)
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

    private Answer? Refuse(int credits, DateTimeOffset now)
    {
        if (policy.RateLimit is { } limit && now < _windowStart + limit.Window && _windowCount >= limit.Permits)
        {
            return Refusal(CreditStatus.RateLimited);
        }

        return credits > Balance ? Refusal(CreditStatus.InsufficientCredits) : null;
    }

    private Answer Write(CreditCommand command, long change, IEnumerable<(Lot, int)> moved, DateTimeOffset now)
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
}
