namespace PayPerUse.Credits;

public static partial class CreditRules
{
    private static CreditResult Commit(CreditAccountDraft draft, CreditCommand command, DateTimeOffset now)
    {
        if (FindOwn(draft, command) is not { } reservation)
        {
            return Refuse(draft, command, CreditStatus.NotFound);
        }

        var credits = command.Credits ?? reservation.Credits;
        if (reservation.State == ReservationState.Committed)
        {
            return EndResult(
                reservation,
                credits == reservation.Committed ? CreditStatus.Applied : CreditStatus.AlreadyCommitted
            );
        }

        if (reservation.State != ReservationState.Open)
        {
            return EndResult(reservation, EndedStatus(reservation));
        }

        if (credits > reservation.Credits)
        {
            return Refuse(draft, command, CreditStatus.ExceedsLimit) with { Reservation = reservation };
        }

        var returned = draft.EndReservation(reservation, ReservationState.Committed, credits, now);
        return Append(
            draft,
            command,
            CreditEntryKind.Commit,
            reservation.Credits - credits,
            credits,
            [.. returned],
            now,
            reservation.Action
        ) with
        {
            Reservation = draft.FindReservation(reservation.Id),
        };
    }

    private static CreditResult Release(CreditAccountDraft draft, CreditCommand command, DateTimeOffset now)
    {
        if (FindOwn(draft, command) is not { } reservation)
        {
            return Refuse(draft, command, CreditStatus.NotFound);
        }

        if (reservation.State != ReservationState.Open)
        {
            return EndResult(
                reservation,
                reservation.State == ReservationState.Released ? CreditStatus.Applied : EndedStatus(reservation)
            );
        }

        var returned = draft.EndReservation(reservation, ReservationState.Released, 0, now);
        return Append(
            draft,
            command,
            CreditEntryKind.Release,
            reservation.Credits,
            reservation.Credits,
            [.. returned],
            now,
            reservation.Action
        ) with
        {
            Reservation = draft.FindReservation(reservation.Id),
        };
    }

    private static CreditResult Renew(CreditAccountDraft draft, CreditCommand command, DateTimeOffset now)
    {
        if (FindOwn(draft, command) is not { } reservation)
        {
            return Refuse(draft, command, CreditStatus.NotFound);
        }

        if (reservation.State != ReservationState.Open)
        {
            return EndResult(reservation, EndedStatus(reservation));
        }

        var deadline = CreditTime.Floor(now + (command.ReservationTime ?? draft.Policy.ReservationTime));
        if (deadline > reservation.Deadline)
        {
            reservation = reservation with { Deadline = deadline };
            draft.SetReservation(reservation);
            draft.Touch(now);
        }

        return Refuse(draft, command, CreditStatus.Applied) with
        {
            Credits = reservation.Credits,
            At = now,
            Reservation = reservation,
        };
    }

    private static CreditReservation? FindOwn(CreditAccountDraft draft, CreditCommand command) =>
        draft.FindReservation(command.Id) is { } reservation && reservation.Attempt == command.Attempt
            ? reservation
            : null;

    private static CreditStatus EndedStatus(CreditReservation reservation) =>
        reservation.State switch
        {
            ReservationState.Committed => CreditStatus.AlreadyCommitted,
            ReservationState.Released => CreditStatus.AlreadyReleased,
            _ => CreditStatus.Lapsed,
        };

    private static CreditResult ReserveResult(CreditReservation reservation, CreditStatus status) =>
        new()
        {
            Status = status,
            OperationId = reservation.Id,
            Balance = reservation.BalanceAfter,
            Credits = reservation.Credits,
            At = reservation.ReservedAt,
            Reservation = reservation,
        };

    private static CreditResult EndResult(CreditReservation reservation, CreditStatus status) =>
        new()
        {
            Status = status,
            OperationId = reservation.Id,
            Balance = reservation.BalanceAtEnd,
            Credits = reservation.State == ReservationState.Committed ? reservation.Committed : reservation.Credits,
            At = reservation.EndedAt,
            Reservation = reservation,
        };
}
