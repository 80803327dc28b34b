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

    public CreditGrant? FindGrant(string id) => IndexOfGrant(id) is var index and >= 0 ? _grants[index] : null;

    public CreditReservation? FindReservation(string id) =>
        _changedReservations.Find(id) ?? _before.FindReservation(id);

    public void AddGrant(CreditGrant grant)
    {
        var index = Array.BinarySearch(_grants, grant);
        index = index < 0 ? ~index : index;
        _grants = [.. _grants.AsSpan(0, index), grant, .. _grants.AsSpan(index)];
        (_isOwnGrants, _hasChangedGrants) = (true, true);
        NoteDue(grant.UsableUntil);
    }

    public void SetGrant(CreditGrant grant)
    {
        var index = IndexOfGrant(grant.Id);
        if (_grants[index].UsableUntil == grant.UsableUntil)
        {
            ReplaceGrant(index, grant);
        }
        else
        {
            _grants = [.. _grants.AsSpan(0, index), .. _grants.AsSpan(index + 1)];
            AddGrant(grant);
        }
    }

    public void SetReservation(CreditReservation reservation)
    {
        _changedReservations.Set(reservation);
        if (reservation.State == ReservationState.Open)
        {
            NoteDue(reservation.Deadline);
        }
    }

    /// <summary>Adds credits to a grant's free ones; debt is paid first. Returns how many became free.</summary>
    public long MakeFree(string grantId, long credits)
    {
        var paid = Math.Min(_debt, credits);
        _debt -= paid;
        var kept = credits - paid;
        if (kept > 0)
        {
            var grant = FindGrant(grantId)!;
            SetGrant(grant with { Free = grant.Free + kept });
            NoteDue(grant.UsableUntil);
            _free += kept;
        }

        return kept;
    }

    /// <summary>Gives credits back to a grant; if it has expired they stay usable for the grace period, once.</summary>
    public long Return(string grantId, long credits, DateTimeOffset at)
    {
        var kept = MakeFree(grantId, credits);
        if (
            kept > 0
            && FindGrant(grantId) is { UsableUntil: { } until, ExpiresAt: { } expiry } grant
            && until <= at
            && until == expiry
        )
        {
            SetGrant(grant with { UsableUntil = CreditTime.Floor(expiry + Policy.ReturnGrace) });
        }

        return kept;
    }

    /// <summary>Takes free credits in burn order. The caller has checked that there are enough.</summary>
    public ImmutableArray<GrantChange> TakeFree(long credits, bool isReserve)
    {
        var burns = ImmutableArray.CreateBuilder<GrantChange>(1);
        var left = credits;
        for (var i = 0; i < _grants.Length && left > 0; i++)
        {
            var grant = _grants[i];
            var taken = Math.Min(grant.Free, left);
            if (taken == 0)
            {
                continue;
            }

            ReplaceGrant(
                i,
                grant with
                {
                    Free = grant.Free - taken,
                    Reserved = isReserve ? grant.Reserved + taken : grant.Reserved,
                }
            );
            burns.Add(new GrantChange(grant.Id, taken));
            left -= taken;
        }

        if (left != 0)
        {
            throw new PayPerUseException(
                $"Account {_before.Id}: {_free} credits are free but its grants hold {left} too few. Run verify."
            );
        }

        _free -= credits;
        _reserved += isReserve ? credits : 0;
        return burns.DrainToImmutable();
    }

    /// <summary>Takes back: first what is free of the grant, then other free credits in burn order; the rest is debt.</summary>
    public List<GrantChange> RevokeFrom(CreditGrant grant, long credits)
    {
        var own = Math.Min(grant.Free, credits);
        SetGrant(grant with { Free = grant.Free - own, Revoked = grant.Revoked + credits });
        _free -= own;
        var taken = new List<GrantChange>();
        if (own > 0)
        {
            taken.Add(new GrantChange(grant.Id, own));
        }

        var others = Math.Min(_free, credits - own);
        if (others > 0)
        {
            taken.AddRange(TakeFree(others, isReserve: false));
        }

        _debt += credits - own - others;
        return taken;
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

    /// <summary>Performs what is due by a time, in time order, as entries of their own.</summary>
    public void SettleDue(DateTimeOffset now)
    {
        while (_nextDue <= now)
        {
            var due = FindNextDue();
            _nextDue = due?.At ?? DateTimeOffset.MaxValue;
            if (due is not { } next || next.At > now)
            {
                return;
            }

            var at = next.At > _lastTime ? next.At : _lastTime;
            if (next.Reservation is { } reservation)
            {
                var returned = EndReservation(reservation, ReservationState.Lapsed, 0, at);
                Append(
                    "lapse:" + reservation.Id,
                    Guid.Empty,
                    CreditEntryKind.Lapse,
                    reservation.Action,
                    reservation.Credits,
                    null,
                    [.. returned],
                    at
                );
            }
            else if (next.Grant is { } grant)
            {
                _free -= grant.Free;
                SetGrant(grant with { Free = 0 });
                Append(
                    "expire:" + grant.Id,
                    Guid.Empty,
                    CreditEntryKind.Expire,
                    grant.Source,
                    -grant.Free,
                    null,
                    [new GrantChange(grant.Id, -grant.Free)],
                    at
                );
            }
        }
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

    private void OwnGrants()
    {
        if (!_isOwnGrants)
        {
            (_grants, _isOwnGrants) = ([.. _grants], true);
        }
    }

    private void ReplaceGrant(int index, CreditGrant grant)
    {
        OwnGrants();
        _grants[index] = grant;
        _hasChangedGrants = true;
    }

    // What leaves the draft is not written to any more, so it need not be copied.
    private ImmutableArray<CreditGrant> PublishGrants()
    {
        _isOwnGrants = false;
        return ImmutableCollectionsMarshal.AsImmutableArray(_grants);
    }

    private ImmutableArray<CreditEntry> PublishEntries() =>
        _entryCount == _entries.Length
            ? ImmutableCollectionsMarshal.AsImmutableArray(_entries)
            : [.. _entries.AsSpan(0, _entryCount)];

    /// <summary>A grant is immutable, so one that is not the loaded instance has changed.</summary>
    private ImmutableArray<CreditGrant> FindChangedGrants()
    {
        if (!_hasChangedGrants)
        {
            return [];
        }

        if (_grants.Length == 1)
        {
            return PublishGrants();
        }

        var changed = ImmutableArray.CreateBuilder<CreditGrant>(1);
        for (var i = 0; i < _grants.Length; i++)
        {
            var isInPlace = i < _before.Grants.Length && ReferenceEquals(_grants[i], _before.Grants[i]);
            if (!isInPlace && !IsLoaded(_grants[i]))
            {
                changed.Add(_grants[i]);
            }
        }

        return changed.DrainToImmutable();
    }

    private bool IsLoaded(CreditGrant grant)
    {
        foreach (var loaded in _before.Grants)
        {
            if (ReferenceEquals(loaded, grant))
            {
                return true;
            }
        }

        return false;
    }

    private int IndexOfGrant(string id)
    {
        for (var i = 0; i < _grants.Length; i++)
        {
            if (string.Equals(_grants[i].Id, id, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private void NoteDue(DateTimeOffset? at)
    {
        if (at < _nextDue)
        {
            _nextDue = at.Value;
        }
    }

    // An expiry goes before a lapse of the same moment, so that the grace of what returns never covers what did not leave;
    // equal lapses go by id and equal expiries in burn order, so that every store agrees.
    private Due? FindNextDue()
    {
        Due? next = null;
        if (_before.OnlyReservation is { } only)
        {
            Consider(_changedReservations.Find(only.Id) ?? only);
        }
        else if (_before.HasReservations)
        {
            foreach (var (id, loaded) in _before.Reservations)
            {
                Consider(_changedReservations.Find(id) ?? loaded);
            }
        }

        foreach (var reservation in _changedReservations.ToArray())
        {
            if (_before.FindReservation(reservation.Id) is null)
            {
                Consider(reservation);
            }
        }

        foreach (var grant in _grants)
        {
            if (
                grant is { Free: > 0, UsableUntil: { } until }
                && (next is not { } other || until < other.At || (until == other.At && other.Reservation is not null))
            )
            {
                next = new Due(until, null, grant);
            }
        }

        return next;

        void Consider(CreditReservation reservation)
        {
            if (
                reservation.State == ReservationState.Open
                && (
                    next is not { } other
                    || reservation.Deadline < other.At
                    || (
                        reservation.Deadline == other.At
                        && string.CompareOrdinal(reservation.Id, other.Reservation!.Id) < 0
                    )
                )
            )
            {
                next = new Due(reservation.Deadline, reservation, null);
            }
        }
    }

    private readonly record struct Due(DateTimeOffset At, CreditReservation? Reservation, CreditGrant? Grant);
}
