using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Every rule of credits as one pure function: it knows nothing of databases, clocks or HTTP.</summary>
public static partial class CreditRules
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
}

/// <summary>What one command came to and what it changed.</summary>
/// <param name="Result">The result.</param>
/// <param name="Change">The account before and after, and what to save.</param>
public sealed record CreditTransition(CreditResult Result, CreditAccountChange Change);
