using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Every rule of credits as one pure function: it knows nothing of databases, clocks or HTTP.</summary>
public static class CreditRules
{
    /// <summary>Applies one command to an account, after what is due by now.</summary>
    /// <param name="account">The account, loaded as <see cref="CreditAccount"/> says.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="known">The log entry that the command's id already stands for, when there is one.</param>
    /// <param name="now">The host's clock; the account's last time is used when that is later.</param>
    /// <param name="policy">The numbers to follow.</param>
    /// <returns>The result, the account after it, and what was appended to the log. A refusal appends nothing of its own.</returns>
    public static CreditTransition Apply(
        CreditAccount account,
        CreditCommand command,
        CreditEntry? known,
        DateTimeOffset now,
        CreditPolicy policy
    )
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(policy);
        var draft = new CreditAccountDraft(account, policy);
        var result = Apply(draft, command, known, now);
        return new CreditTransition(result, draft.ToChange());
    }

    /// <summary>The account as a reader must see it at a moment: with what is due already gone.</summary>
    /// <param name="account">The account, loaded with its open reservations and live grants.</param>
    /// <param name="now">The host's clock.</param>
    /// <param name="policy">The numbers to follow.</param>
    public static CreditAccount Settle(CreditAccount account, DateTimeOffset now, CreditPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(policy);
        var draft = new CreditAccountDraft(account, policy);
        draft.SettleDue(draft.TimeAt(now));
        return draft.ToChange().After;
    }

    internal static CreditResult Apply(
        CreditAccountDraft draft,
        CreditCommand command,
        CreditEntry? known,
        DateTimeOffset hostNow
    )
    {
        if (command.Validate() is { } error)
        {
            return Refuse(draft, command, CreditStatus.Invalid) with { Error = error };
        }

        var now = draft.TimeAt(hostNow);
        if (FindFirstResult(draft, command, known, now) is { } first)
        {
            return first;
        }

        if (draft.MergedInto is { } target && MovesCredits(command.Kind))
        {
            return Refuse(draft, command, CreditStatus.Merged) with { MergedInto = target };
        }

        draft.SettleDue(now);
        var result = command.Kind switch
        {
            CreditCommandKind.Grant => Grant(draft, command, now),
            CreditCommandKind.Spend or CreditCommandKind.Reserve => Take(draft, command, now),
            CreditCommandKind.Commit => Commit(draft, command, now),
            CreditCommandKind.Release => Release(draft, command, now),
            CreditCommandKind.Renew => Renew(draft, command, now),
            CreditCommandKind.Revoke => Revoke(draft, command, now),
            CreditCommandKind.Restore => Restore(draft, command, now),
            CreditCommandKind.Settle => Refuse(draft, command, CreditStatus.Applied) with { At = now },
            _ => throw new ArgumentOutOfRangeException(nameof(command), command.Kind, "Unknown kind of command."),
        };

        // What came back to a grant whose grace is over, or was granted already expired, is gone at once.
        draft.SettleDue(now);
        return result;
    }

    // The reservations of a closed account have ended, and how is still told; nothing is due on it any more.
    private static bool MovesCredits(CreditCommandKind kind) =>
        kind
            is CreditCommandKind.Grant
                or CreditCommandKind.Spend
                or CreditCommandKind.Reserve
                or CreditCommandKind.Revoke
                or CreditCommandKind.Restore;

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

    private static CreditResult Grant(CreditAccountDraft draft, CreditCommand command, DateTimeOffset now)
    {
        var credits = command.Credits!.Value;
        draft.AddGrant(
            new CreditGrant
            {
                Id = command.Id,
                Source = command.Action,
                Credits = credits,
                Free = 0,
                GrantedAt = now,
                ExpiresAt = command.ExpiresAt,
                UsableUntil = command.ExpiresAt,
            }
        );
        var kept = draft.MakeFree(command.Id, credits);
        return Append(draft, command, CreditEntryKind.Grant, credits, credits, [.. Positive(command.Id, kept)], now);
    }

    private static CreditResult Take(CreditAccountDraft draft, CreditCommand command, DateTimeOffset now)
    {
        var credits = command.Credits!.Value;
        if (draft.RateLimitedUntil(now) is { } retryAt)
        {
            return Refuse(draft, command, CreditStatus.RateLimited) with { RetryAt = retryAt };
        }

        if (draft.Balance < credits)
        {
            return Refuse(draft, command, CreditStatus.InsufficientCredits);
        }

        var isReserve = command.Kind == CreditCommandKind.Reserve;
        var burns = draft.TakeFree(credits, isReserve);
        draft.CountInRateWindow(now);
        var touched = ImmutableArray.CreateRange(burns, static b => b with { Credits = -b.Credits });
        if (!isReserve)
        {
            return Append(draft, command, CreditEntryKind.Spend, -credits, credits, touched, now);
        }

        var result = Append(draft, command, CreditEntryKind.Reserve, -credits, credits, touched, now);
        var reservation = new CreditReservation
        {
            Id = command.Id,
            Attempt = command.Attempt,
            Action = command.Action,
            Credits = credits,
            State = ReservationState.Open,
            ReservedAt = now,
            Deadline = CreditTime.Floor(now + (command.ReservationTime ?? draft.Policy.ReservationTime)),
            BalanceAfter = draft.Balance,
            Burns = burns,
        };
        draft.SetReservation(reservation);
        return result with { Reservation = reservation };
    }

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

    private static CreditResult Revoke(CreditAccountDraft draft, CreditCommand command, DateTimeOffset now)
    {
        var credits = command.Credits!.Value;
        if (draft.FindGrant(command.GrantId!) is not { } grant)
        {
            return Refuse(draft, command, CreditStatus.NotFound);
        }

        if (credits > grant.Credits - grant.Revoked)
        {
            return Refuse(draft, command, CreditStatus.ExceedsLimit);
        }

        var taken = draft.RevokeFrom(grant, credits);
        var touched = taken.ConvertAll(t => t with { Credits = -t.Credits });
        return Append(draft, command, CreditEntryKind.Revoke, -credits, credits, [.. touched], now);
    }

    private static CreditResult Restore(CreditAccountDraft draft, CreditCommand command, DateTimeOffset now)
    {
        var credits = command.Credits!.Value;
        if (draft.FindGrant(command.GrantId!) is not { } grant)
        {
            return Refuse(draft, command, CreditStatus.NotFound);
        }

        if (credits > grant.Revoked)
        {
            return Refuse(draft, command, CreditStatus.ExceedsLimit);
        }

        draft.SetGrant(grant with { Revoked = grant.Revoked - credits });
        var kept = draft.Return(grant.Id, credits, now);
        return Append(draft, command, CreditEntryKind.Restore, credits, credits, [.. Positive(grant.Id, kept)], now);
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

    private static GrantChange[] Positive(string grantId, long credits) =>
        credits > 0 ? [new GrantChange(grantId, credits)] : [];

    private static CreditResult Append(
        CreditAccountDraft draft,
        CreditCommand command,
        CreditEntryKind kind,
        long change,
        long credits,
        ImmutableArray<GrantChange> grants,
        DateTimeOffset now,
        string? action = null
    )
    {
        var entry = draft.Append(
            command.Id,
            command.Attempt,
            kind,
            action ?? command.Action,
            change,
            command.GrantId,
            grants,
            now
        );
        return new CreditResult
        {
            Status = CreditStatus.Applied,
            OperationId = command.Id,
            Balance = entry.Balance,
            Credits = credits,
            At = now,
        };
    }

    private static CreditResult Refuse(CreditAccountDraft draft, CreditCommand command, CreditStatus status) =>
        new()
        {
            Status = status,
            OperationId = command.Id,
            Balance = draft.Balance,
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

/// <summary>What one command came to and what it changed.</summary>
/// <param name="Result">The result.</param>
/// <param name="Change">The account before and after, and what to save.</param>
public sealed record CreditTransition(CreditResult Result, CreditAccountChange Change);
