using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace PayPerUse.Credits;

/// <summary>An account while commands are applied to it: the moves that keep free, reserved, debt and grants in step.</summary>
/// <remarks>One draft serves all of a batch's commands for one account, so that a busy account costs no copy per command.</remarks>
internal sealed partial class CreditAccountDraft
{
    private readonly CreditAccount _before;

    // The loaded account's own array until a grant changes.
    private CreditGrant[] _grants;
    private CreditEntry[] _entries = [];
    private int _entryCount;
    private ReservationSet _changedReservations;
    private bool _isOwnGrants;
    private bool _hasChangedGrants;
    private DateTimeOffset _rateWindowStart;
    private DateTimeOffset _lastTime;
    private DateTimeOffset _nextDue;
    private int _rateCount;
    private long _free;
    private long _reserved;
    private long _debt;
    private long _sequence;

    public CreditAccountDraft(CreditAccount account, CreditPolicy policy)
    {
        _before = account;
        Policy = policy;
        _grants = ImmutableCollectionsMarshal.AsArray(account.Grants)!;
        if (_grants.Length > 1)
        {
            OwnGrants();
            Array.Sort(_grants);
        }

        _free = account.Free;
        _reserved = account.Reserved;
        _debt = account.Debt;
        _sequence = account.Sequence;
        _rateWindowStart = account.RateWindowStart;
        _rateCount = account.RateCount;
        _lastTime = account.LastTime;
        MergedInto = account.MergedInto;
        _nextDue = FindNextDue()?.At ?? DateTimeOffset.MaxValue;
    }

    public AccountId Id => _before.Id;

    public CreditPolicy Policy { get; }

    public AccountId? MergedInto { get; private set; }

    public long Balance => _free - _debt;

    public ReadOnlySpan<CreditEntry> Entries => _entries.AsSpan(0, _entryCount);

    public DateTimeOffset TimeAt(DateTimeOffset hostNow)
    {
        var now = CreditTime.Floor(hostNow);
        return now > _lastTime ? now : _lastTime;
    }

    public CreditReservation? FindReservation(string id) =>
        _changedReservations.Find(id) ?? _before.FindReservation(id);

    public void SetReservation(CreditReservation reservation)
    {
        _changedReservations.Set(reservation);
        if (reservation.State == ReservationState.Open)
        {
            NoteDue(reservation.Deadline);
        }
    }

    /// <summary>Ends an open reservation: takes <paramref name="credits"/> of it in burn order, returns the rest.</summary>
    public List<GrantChange> EndReservation(
        CreditReservation reservation,
        ReservationState state,
        long credits,
        DateTimeOffset at
    )
    {
        var returned = new List<GrantChange>();
        var toTake = credits;
        _reserved -= reservation.Credits;
        foreach (var burn in reservation.Burns)
        {
            var taken = Math.Min(toTake, burn.Credits);
            toTake -= taken;
            var grant = FindGrant(burn.GrantId)!;
            SetGrant(grant with { Reserved = grant.Reserved - burn.Credits });
            if (burn.Credits > taken && Return(burn.GrantId, burn.Credits - taken, at) is var kept and > 0)
            {
                returned.Add(new GrantChange(burn.GrantId, kept));
            }
        }

        SetReservation(reservation with { State = state, Committed = credits, EndedAt = at, BalanceAtEnd = Balance });
        return returned;
    }

    /// <summary>When the rate window ends, if it is full; null when there is room.</summary>
    public DateTimeOffset? RateLimitedUntil(DateTimeOffset now)
    {
        if (Policy.RateLimit is not { } limit)
        {
            return null;
        }

        var end = _rateWindowStart + limit.Window;
        return _rateCount >= limit.Permits && now < end ? end : null;
    }

    public void CountInRateWindow(DateTimeOffset now)
    {
        if (Policy.RateLimit is not { } limit)
        {
            return;
        }

        if (now >= _rateWindowStart + limit.Window)
        {
            _rateWindowStart = now;
            _rateCount = 0;
        }

        _rateCount++;
    }

    /// <summary>Notes that something was changed at a time without a log entry, so that time cannot run back behind it.</summary>
    public void Touch(DateTimeOffset at) => _lastTime = at > _lastTime ? at : _lastTime;

    public CreditEntry Append(
        string operationId,
        Guid attempt,
        CreditEntryKind kind,
        string action,
        long credits,
        string? target,
        ImmutableArray<GrantChange> grants,
        DateTimeOffset at
    )
    {
        var entry = new CreditEntry
        {
            Sequence = ++_sequence,
            OperationId = operationId,
            Attempt = attempt,
            Kind = kind,
            Action = action,
            Credits = credits,
            Balance = Balance,
            Target = target,
            Grants = grants,
            At = at,
        };
        if (_entryCount == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(1, _entryCount * 2));
        }

        _entries[_entryCount++] = entry;
        Touch(at);
        return entry;
    }

    public CreditAccountChange ToChange()
    {
        var isChanged = _entryCount > 0 || _hasChangedGrants || !_changedReservations.IsEmpty;
        return new CreditAccountChange
        {
            Before = _before,
            After = isChanged
                ? _before with
                {
                    Free = _free,
                    Reserved = _reserved,
                    Debt = _debt,
                    RateWindowStart = _rateWindowStart,
                    RateCount = _rateCount,
                    LastTime = _lastTime,
                    Sequence = _sequence,
                    MergedInto = MergedInto,
                    Version = _before.Version + 1,
                    Grants = PublishGrants(),
                    ReservationChanges = _changedReservations,
                }
                : _before,
            Grants = FindChangedGrants(),
            Reservations = _changedReservations.ToArray(),
            Entries = PublishEntries(),
        };
    }

    private ImmutableArray<CreditEntry> PublishEntries() =>
        _entryCount == _entries.Length
            ? ImmutableCollectionsMarshal.AsImmutableArray(_entries)
            : [.. _entries.AsSpan(0, _entryCount)];
}
