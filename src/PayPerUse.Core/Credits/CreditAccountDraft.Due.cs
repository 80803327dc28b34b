namespace PayPerUse.Credits;

internal sealed partial class CreditAccountDraft
{
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
