namespace PayPerUse.Credits;

public static partial class CreditRules
{
    private static CreditResult? FindFirstResult(
        CreditAccountDraft draft,
        CreditCommand command,
        CreditEntry? known,
        DateTimeOffset now
    )
    {
        switch (command.Kind)
        {
            case CreditCommandKind.Commit:
            case CreditCommandKind.Release:
            case CreditCommandKind.Renew:
            case CreditCommandKind.Settle:
                return null;
        }

        var reservation = draft.FindReservation(command.Id);
        if (
            known is { Kind: CreditEntryKind.MergeIn }
            && command.Kind == CreditCommandKind.Grant
            && draft.FindGrant(command.Id) is { } merged
        )
        {
            // The entry moved what was left; the grant knows what was granted.
            return FindFirstGrant(draft, command, merged);
        }

        if (known is not null)
        {
            return IsSame(known, command)
                ? new CreditResult
                {
                    Status = known.Attempt == command.Attempt ? CreditStatus.Applied : CreditStatus.Replayed,
                    OperationId = command.Id,
                    Balance = known.Balance,
                    Credits = Math.Abs(known.Credits),
                    At = known.At,
                }
                : Refuse(draft, command, CreditStatus.Conflict);
        }

        if (reservation is null)
        {
            return draft.FindGrant(command.Id) is { } grant ? FindFirstGrant(draft, command, grant) : null;
        }

        if (
            command.Kind != CreditCommandKind.Reserve
            || reservation.Credits != command.Credits
            || !string.Equals(reservation.Action, command.Action, StringComparison.Ordinal)
        )
        {
            return Refuse(draft, command, CreditStatus.Conflict);
        }

        var isOpen = reservation.State == ReservationState.Open && reservation.Deadline > now;
        var isOwn = reservation.Attempt == command.Attempt;
        if (isOpen || reservation.State == ReservationState.Committed)
        {
            return ReserveResult(reservation, isOwn ? CreditStatus.Applied : CreditStatus.Replayed);
        }

        // The id's reservation ended without being taken. Its own attempt hears that; another may reserve anew.
        return isOwn
            ? ReserveResult(
                reservation,
                reservation.State == ReservationState.Released ? CreditStatus.AlreadyReleased : CreditStatus.Lapsed
            )
            : null;
    }

    // A store may no longer have the log entry, but the grant lives for ever, and so does its id.
    private static CreditResult FindFirstGrant(CreditAccountDraft draft, CreditCommand command, CreditGrant grant)
    {
        var isSame =
            command.Kind == CreditCommandKind.Grant
            && grant.Credits == command.Credits
            && string.Equals(grant.Source, command.Action, StringComparison.Ordinal);
        return isSame
            ? Refuse(draft, command, CreditStatus.Replayed) with
            {
                Credits = grant.Credits,
                At = grant.GrantedAt,
            }
            : Refuse(draft, command, CreditStatus.Conflict);
    }

    private static bool IsSame(CreditEntry entry, CreditCommand command)
    {
        var kind = command.Kind switch
        {
            CreditCommandKind.Grant => CreditEntryKind.Grant,
            CreditCommandKind.Spend => CreditEntryKind.Spend,
            CreditCommandKind.Revoke => CreditEntryKind.Revoke,
            CreditCommandKind.Restore => CreditEntryKind.Restore,
            _ => default,
        };
        return entry.Kind == kind
            && Math.Abs(entry.Credits) == command.Credits
            && string.Equals(entry.Action, command.Action, StringComparison.Ordinal)
            && string.Equals(entry.Target, command.GrantId, StringComparison.Ordinal);
    }
}
