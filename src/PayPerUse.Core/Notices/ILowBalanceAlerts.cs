using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Notices;

/// <summary>Remembers which accounts are low and whether the app was told.</summary>
public interface ILowBalanceAlerts
{
    /// <summary>Finds accounts at or below a balance that have no alert, in order of their names; a look at every account.</summary>
    /// <param name="balance">The balance.</param>
    /// <param name="after">Only accounts after this one; null from the start.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<AccountId>> FindLowAsync(
        long balance,
        AccountId? after,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Raises an alert, due at once; false when the account has one.</summary>
    /// <param name="account">Which account.</param>
    /// <param name="balance">Its balance.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> TryRaiseAsync(AccountId account, long balance, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets the alerts of accounts that are above a balance again.</summary>
    /// <param name="balance">The balance.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ClearAsync(long balance, CancellationToken cancellationToken);

    /// <summary>Finds alerts that must be told, oldest first.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<LowBalanceAlert>> FindDueAlertsAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Moves an alert to a later time, or marks it as told, unless somebody else has since it was read.</summary>
    /// <param name="alert">The alert as it was read.</param>
    /// <param name="next">When it is due again; null when it was told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> TryMoveAlertAsync(LowBalanceAlert alert, DateTimeOffset? next, CancellationToken cancellationToken);
}

/// <summary>An account that is low.</summary>
/// <param name="Account">Which account.</param>
/// <param name="Balance">Its balance when that was noticed.</param>
/// <param name="RaisedAt">When it was noticed.</param>
/// <param name="DueAt">When the app is told next.</param>
public sealed record LowBalanceAlert(AccountId Account, long Balance, DateTimeOffset RaisedAt, DateTimeOffset DueAt);
